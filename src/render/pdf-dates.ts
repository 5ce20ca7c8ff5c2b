/** Where Chromium writes when it printed; a title can hold none of these, for in it a bracket is escaped. */
const fields = ["/CreationDate (D:", "/ModDate (D:"];
const written = /^\d{14}[+-]\d\d'\d\d'\)$/;

/**
 * Dates a PDF in the place of its printing, so that one report has the same bytes whenever it is printed. It is
 * changed where it is, and none of its length: what is in a PDF is found by where it stands.
 */
export function datePdf(pdf: Uint8Array, date: Date): Uint8Array {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  const text = `${date.toISOString().slice(0, 19).replace(/\D/g, "")}+00'00')`;
  for (const field of fields) {
    const found = bytes.indexOf(field);
    const at = found + field.length;
    if (found >= 0 && written.test(bytes.toString("latin1", at, at + text.length)))
      bytes.write(text, at, "latin1");
  }
  return pdf;
}
