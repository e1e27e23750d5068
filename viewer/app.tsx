import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { announced } from './announce.ts';
import { arrivals, here } from './navigation.ts';
import { AccountPage } from './pages/account-page.tsx';
import { CasePage } from './pages/case-page.tsx';
import { DrivePage } from './pages/drive-page.tsx';
import { DemoPage } from './pages/demo-page.tsx';
import { DrivesPage } from './pages/drives-page.tsx';
import { EarningsPage } from './pages/earnings-page.tsx';
import { FramePage } from './pages/frame-page.tsx';
import { InvitePage } from './pages/invite-page.tsx';
import { MapPage } from './pages/map-page.tsx';
import { MissingPage } from './pages/missing-page.tsx';
import { OpenEpochPage } from './pages/open-epoch-page.tsx';
import { ReasonsPage } from './pages/reasons-page.tsx';
import { ReviewPage } from './pages/review-page.tsx';
import { SignInPage } from './pages/sign-in-page.tsx';
import { UploadPage } from './pages/upload-page.tsx';
import { WhyPage } from './pages/why-page.tsx';
import { KeyHelp } from './parts/key-help.tsx';
import { TopBar } from './parts/top-bar.tsx';
import type { Route } from './route.ts';
import { config } from './street.ts';
import { say } from './words.ts';

/** The frame around every page. */
export function App(): JSX.Element {
  const route = here.value;
  useArrival();
  useTitle(route);
  return (
    <>
      <a class="skip" href="#main" onClick={skipTo('main h1')}>{say('skip.main')}</a>
      {route.page === 'map' && <a class="skip" href="#open-list" onClick={skipTo('#open-list')}>{say('skip.list')}</a>}
      <TopBar route={route} />
      <Page route={route} />
      <p class={`status-line${announced.value === '' ? '' : ' said'}`} role="status">{announced.value}</p>
      <KeyHelp />
    </>
  );
}

function Page({ route }: { readonly route: Route }): JSX.Element {
  switch (route.page) {
    case 'map': return <MapPage query={route.query} />;
    case 'frame': return <FramePage id={route.id} />;
    case 'sign-in': return <SignInPage to={route.to} />;
    case 'drives': return <DrivesPage />;
    case 'demo': return <DemoPage />;
    case 'drive': return <DrivePage id={route.id} show={route.show} frame={route.frame} />;
    case 'review': return <ReviewPage />;
    case 'case': return <CasePage id={route.id} />;
    case 'account': return <AccountPage />;
    case 'invite': return <InvitePage />;
    case 'upload': return <UploadPage />;
    case 'earnings': return <EarningsPage after={route.after} />;
    case 'open-epoch': return <OpenEpochPage epoch={route.epoch} after={route.after} />;
    case 'why': return <WhyPage posting={route.posting} after={route.after} />;
    case 'reasons': return <ReasonsPage code={route.code} />;
    case 'missing': return <MissingPage />;
  }
}

// After a change of page the heading takes the focus, so that a screen reader says where one is.
function useArrival(): void {
  const arrival = arrivals.value;
  useEffect(() => {
    if (arrival > 0) document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
  }, [arrival]);
}

function useTitle(route: Route): void {
  const network = config.value?.name ?? 'Wayproof';
  const page = say(`page.${route.page}`);
  const object = 'id' in route ? ` ${route.id.slice(0, 8)}` : '';
  useEffect(() => {
    document.title = `${page}${object} · ${network}`;
  }, [page, object, network]);
}

function skipTo(selector: string): (event: MouseEvent) => void {
  return (event) => {
    event.preventDefault();
    document.querySelector<HTMLElement>(selector)?.focus();
  };
}
