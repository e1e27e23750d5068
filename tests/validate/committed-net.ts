import { OWN_MODEL, readModel } from '../../validate/model-file.ts';
import { type Net, openNet } from '../../validate/net.ts';

/** The shipped net on the CPU, which every machine has. */
export async function committedNet(): Promise<Net> {
  return await openNet(await readModel(OWN_MODEL), { choice: 'cpu' });
}
