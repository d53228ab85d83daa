// Replays launches from a buffer of words, so that a plan makes one call from JavaScript and not
// one per launch. A launch is the kernel's index in the function table, its length in words, and
// its arguments. Arguments are i32, so the length gives the kernel's type. `fill` is different,
// because its value is a float64: FILL_F32 or FILL_F64 replaces its length. A fused kernel, which
// a plan has generated, gets the address of its words: FUSED replaces the length, and the third
// word is the length in bytes.

const FUSED: u32 = 61;
const FILL_F32: u32 = 62;
const FILL_F64: u32 = 63;
/** Words of a launch of `fill`: index, kind, address, count, and two of its value. */
const FILL_WORDS: u32 = 6;

/** Runs the launches from `at` up to `end`. */
export function replay(at: usize, end: usize): void {
  while (at != end) { // the end may be the end of the address space, which is 0
    const kernel = load<u32>(at);
    const kind = load<u32>(at, 4);
    switch (kind) {
      case 5:
        call_indirect<void>(kernel, i32At(at, 0), i32At(at, 1), i32At(at, 2));
        break;
      case 7:
        call_indirect<void>(kernel, i32At(at, 0), i32At(at, 1), i32At(at, 2), i32At(at, 3), i32At(at, 4));
        break;
      case 9:
        call_indirect<void>(kernel, i32At(at, 0), i32At(at, 1), i32At(at, 2), i32At(at, 3), i32At(at, 4), i32At(at, 5), i32At(at, 6));
        break;
      case 10:
        call_indirect<void>(kernel, i32At(at, 0), i32At(at, 1), i32At(at, 2), i32At(at, 3), i32At(at, 4), i32At(at, 5), i32At(at, 6), i32At(at, 7));
        break;
      case 12:
        call_indirect<void>(kernel, i32At(at, 0), i32At(at, 1), i32At(at, 2), i32At(at, 3), i32At(at, 4), i32At(at, 5), i32At(at, 6), i32At(at, 7), i32At(at, 8), i32At(at, 9));
        break;
      case 13:
        call_indirect<void>(kernel, i32At(at, 0), i32At(at, 1), i32At(at, 2), i32At(at, 3), i32At(at, 4), i32At(at, 5), i32At(at, 6), i32At(at, 7), i32At(at, 8), i32At(at, 9), i32At(at, 10));
        break;
      case FUSED:
        call_indirect<void>(kernel, at + 12);
        at += load<u32>(at, 8);
        continue;
      case FILL_F32:
        call_indirect<void>(kernel, i32At(at, 0), i32At(at, 1), <f32>load<f64>(at, 16));
        break;
      case FILL_F64:
        call_indirect<void>(kernel, i32At(at, 0), i32At(at, 1), load<f64>(at, 16));
        break;
      default:
        unreachable();
    }
    at += <usize>(kind < FILL_F32 ? kind : FILL_WORDS) << 2;
  }
}

// @ts-ignore: decorator
@inline
function i32At(at: usize, index: usize): i32 {
  return load<i32>(at + 8 + (index << 2));
}
