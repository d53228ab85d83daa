/** Files of `torch.save`: recognized, not read. They are Python pickles, programs that rebuild objects, and no program in a file is run here. */

/** What to do with one: two lines of Python. Tensors that share memory or are views are made plain, or `save_file` would refuse them. */
export const SAVE_AS_SAFETENSORS = `import torch; from safetensors.torch import save_file
save_file({k: v.contiguous().clone() for k, v in torch.load("model.pt", map_location="cpu", weights_only=True).items()}, "model.safetensors")`;

/** Whether the bytes begin as a zip archive does: `torch.save` of PyTorch from 1.6 on, and NumPy's .npz. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

/** Whether the bytes begin as a Python pickle of protocol 2 to 5 does: `torch.save` of older versions, and `pickle.dump`. */
export function isPickle(bytes: Uint8Array): boolean {
  const [mark, protocol, next] = bytes;
  return mark === 0x80 && protocol !== undefined && protocol >= 2 && protocol <= 5 && next !== 0;
}

/** The message for such a file. @param reader the name of whoever was asked to read it */
export function torchFileMessage(reader: string, kind: 'zip' | 'pickle'): string {
  const what =
    kind === 'zip' ? 'a zip archive, as torch.save writes it' : 'a Python pickle, as torch.save wrote it';
  return `${reader}: ${what}; it is not read, for it can hold any program. If it is a state dict (save model.state_dict()), these two lines of Python turn it into safetensors:\n${SAVE_AS_SAFETENSORS}`;
}
