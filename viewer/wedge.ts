import { TOKENS, type Theme } from './tokens.ts';

const SIZE_PX = 112;
const HALF_ANGLE_RAD = (32 * Math.PI) / 180;

/** A wedge that opens to the north from the middle of its square, twice as large as it is shown. */
export function wedgeImage(theme: Theme): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = SIZE_PX;
  canvas.height = SIZE_PX;
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('this browser gives no 2D canvas');
  const middle = SIZE_PX / 2;
  const north = -Math.PI / 2;
  const fade = pen.createRadialGradient(middle, middle, 16, middle, middle, middle);
  fade.addColorStop(0, TOKENS[theme].ui.accent);
  fade.addColorStop(1, `${TOKENS[theme].ui.accent}59`);
  pen.beginPath();
  pen.moveTo(middle, middle);
  pen.arc(middle, middle, middle - 2, north - HALF_ANGLE_RAD, north + HALF_ANGLE_RAD);
  pen.closePath();
  pen.fillStyle = fade;
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = TOKENS[theme].map.land;
  pen.stroke();
  return pen.getImageData(0, 0, SIZE_PX, SIZE_PX);
}
