import { Refused } from './api.ts';

/** What was asked for, or null where it was refused, which is then told. */
export async function tried<Answer>(asked: Promise<Answer>, told: (refused: Refused | null) => void): Promise<Answer | null> {
  try {
    told(null);
    return await asked;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    told(error);
    return null;
  }
}
