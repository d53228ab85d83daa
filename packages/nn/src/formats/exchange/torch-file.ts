/**
 * Files of `torch.save` are recognized, not read: they are Python pickles, programs that rebuild
 * objects, and no program in a file is run.
 */

/** Python that converts such a file. `save_file` needs contiguous tensors that share no memory. */
export const SAVE_AS_SAFETENSORS = `import torch; from safetensors.torch import save_file
save_file({k: v.contiguous().clone() for k, v in torch.load("model.pt", map_location="cpu", weights_only=True).items()}, "model.safetensors")`;

/** Whether the bytes begin a zip archive: `torch.save` since PyTorch 1.6, and NumPy's .npz. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

/** Whether the bytes begin a pickle of protocol 2 to 5: older `torch.save`, `pickle.dump`. */
export function isPickle(bytes: Uint8Array): boolean {
  const [mark, protocol, next] = bytes;
  return mark === 0x80 && protocol !== undefined && protocol >= 2 && protocol <= 5 && next !== 0;
}

/** The message for such a file. @param format "npz" */
export function torchFileMessage(format: string, kind: 'zip' | 'pickle'): string {
  const got = kind === 'zip' ? 'a zip archive written by torch.save' : 'a Python pickle';
  return `${format}: got ${got}, which is not read because it can hold any program; convert a state dict (model.state_dict()) to safetensors by two lines of Python:\n${SAVE_AS_SAFETENSORS}`;
}
