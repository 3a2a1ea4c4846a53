/**
 * Widths of the characters from space to tilde in DejaVu Sans, in thousandths of the font size. A table rather than the
 * system's fonts, so that a figure is drawn to equal bytes on every machine.
 */
const widths = (
  "318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 636 636 636 636 337 337 838 838 " +
  "838 531 1000 684 686 698 770 632 575 775 752 295 295 656 557 863 748 787 603 787 695 635 611 732 684 989 685 611 685 " +
  "390 337 390 838 500 500 613 635 550 635 615 352 635 634 278 278 579 278 974 634 612 635 635 411 521 392 634 592 818 " +
  "592 592 525 636 337 636 838"
)
  .split(" ")
  .map(Number);
/** Most other characters of our labels (Greek letters, signs) are at most so wide. */
const otherWidth = 840;
const boldFactor = 1.115;

/** Width of one line of text in pixels at a font size in pixels. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  let sum = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    sum += widths[code - 32] ?? otherWidth;
  }
  return (sum / 1000) * fontSize * (bold ? boldFactor : 1);
}
