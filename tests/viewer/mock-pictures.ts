import sharp from 'sharp';

const drawn = new Map<string, Promise<Buffer>>();

/** A drawn street: sky, houses, road, and the name of the frame, so that one picture can be told from the next. Each is drawn once. */
export function drawStreet(name: string, widthPx: number): Promise<Buffer> {
  const key = `${name} ${widthPx}`;
  const known = drawn.get(key) ?? draw(name, widthPx);
  drawn.set(key, known);
  return known;
}

async function draw(name: string, widthPx: number): Promise<Buffer> {
  const seed = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
  const shift = seed % 60;
  const houses = Array.from({ length: 7 }, (_, n) => {
    const height = 150 + ((seed >> n) % 90) + Math.abs(n - 3) * 55;
    const tone = ['#B9A58C', '#C9B8A3', '#A4907A', '#D4C7B5', '#8F8577', '#BFA98F', '#AFA08B'][(n + seed) % 7];
    return `<rect x="${n * 190 - 60}" y="${470 - height}" width="180" height="${height}" fill="${tone}"/>${windows(n * 190 - 60, 470 - height, height)}`;
  }).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720">
    <defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#7FA6CC"/><stop offset="1" stop-color="#DCE7F0"/></linearGradient></defs>
    <rect width="1280" height="720" fill="url(#s)"/>${houses}
    <polygon points="0,720 0,560 ${560 + shift},462 ${700 + shift},462 1280,560 1280,720" fill="#5B5F63"/>
    <polygon points="0,560 ${560 + shift},462 ${548 + shift},462 0,530" fill="#9A958C"/><polygon points="1280,560 ${700 + shift},462 ${712 + shift},462 1280,530" fill="#9A958C"/>
    <polygon points="610,720 660,720 ${634 + shift},470 ${630 + shift},470" fill="#EDEBE4" opacity=".85"/>
    <text x="28" y="52" font-family="sans-serif" font-size="26" fill="#fff" opacity=".9">${name}</text></svg>`;
  return await sharp(Buffer.from(svg)).resize(widthPx).jpeg({ quality: 82 }).toBuffer();
}

function windows(x: number, y: number, height: number): string {
  const rows = Math.floor(height / 70);
  return Array.from({ length: rows * 3 }, (_, n) => `<rect x="${x + 22 + (n % 3) * 50}" y="${y + 22 + Math.floor(n / 3) * 66}" width="28" height="38" fill="#4E5C66" opacity=".75"/>`).join('');
}
