import { render } from 'preact';
import { lazy, LocationProvider, Route, Router } from 'preact-iso';
import { Home } from './home/Home';
import { Lead } from './lead/Lead';
import { Leads } from './leads/Leads';
import { Failure } from './parts/Failure';
import { Refused } from './refused/Refused';
import { Queue } from './sales/Queue';
import { away, me, whoAmI } from './session/session';
import { SignIn } from './session/SignIn';
import { Gone, NotFound } from './shell/NotFound';
import { Shell } from './shell/Shell';
import { rememberScroll } from './shell/scroll';
import { chooseLanguage } from './words/words';

// Loaded when somebody goes there: all such pages but the editor at once, since each part by itself would have the first page wait for more pieces.
const gone = () => Gone;
const later = <Name extends keyof typeof import('./later')>(name: Name) => lazy(() => import('./later').then(pages => pages[name], gone));
const [Rules, Audit, Reports, Metric, People, Journeys, Journey, Settings, Messages, Live, Install] = [later('Rules'), later('Audit'), later('Reports'), later('Metric'), later('People'), later('Journeys'), later('Journey'), later('Settings'), later('Messages'), later('Live'), later('Install')];
const [Calendar, Scoring, Segments] = [later('Calendar'), later('Scoring'), later('Segments')];
const Editor = lazy(() => import('./definitions/Editor').then(({ Editor }) => Editor, gone));

function App() {
  if (away.value) return <main class="sign-in"><Failure error={away.value} again={whoAmI} /></main>;
  if (me.value === undefined) return null;
  if (me.value === null) return <SignIn />;
  return (
    <LocationProvider scope="/app">
      <Shell>
        <Router>
          <Route path="/app" component={Home} />
          <Route path="/app/leads" component={Leads} />
          <Route path="/app/leads/:id" component={Lead} />
          <Route path="/app/sales" component={Queue} />
          <Route path="/app/journeys" component={Journeys} />
          <Route path="/app/journeys/:id" component={Journey} />
          <Route path="/app/rules" component={Rules} />
          <Route path="/app/rules/:kind" component={Rules} />
          <Route path="/app/rules/:kind/:id" component={Editor} />
          <Route path="/app/reports" component={Reports} />
          <Route path="/app/reports/:metric" component={Metric} />
          <Route path="/app/reports/:metric/people" component={People} />
          <Route path="/app/messages" component={Messages} />
          <Route path="/app/live" component={Live} />
          <Route path="/app/live/install" component={Install} />
          <Route path="/app/calendar" component={Calendar} />
          <Route path="/app/scoring" component={Scoring} />
          <Route path="/app/segments" component={Segments} />
          <Route path="/app/settings" component={Settings} />
          <Route path="/app/audit" component={Audit} />
          <Route path="/app/refused" component={Refused} />
          <Route default component={NotFound} />
        </Router>
      </Shell>
    </LocationProvider>
  );
}

rememberScroll();
await Promise.all([chooseLanguage(), whoAmI()]);
render(<App />, document.getElementById('app')!); // in index.html
