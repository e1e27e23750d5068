/** What a person may ask for: one provider and no other, or the first of them that this machine has. */
export const PROVIDER_CHOICES = ['cpu', 'webgpu', 'cuda', 'auto'] as const;
export type ProviderChoice = (typeof PROVIDER_CHOICES)[number];
export type Provider = Exclude<ProviderChoice, 'auto'>;
