/** A slider with its label and value. */
interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onInput: (value: number) => void;
}

export function Slider({ label, value, min, max, step, onInput }: SliderProps) {
  const digits = step < 1 ? String(step).split('.')[1]!.length : 0;
  return (
    <label class="slider">
      <span>{label}</span>
      <output>{value.toFixed(digits)}</output>
      <input
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        onInput={({ currentTarget }) => onInput(Number(currentTarget.value))}
      />
    </label>
  );
}
