// The answers of the API that pages show, as /api/openapi.json describes them (openapi.ts is made of it at each build).
import type { components } from './openapi';

type Schemas = components['schemas'];

export interface Page<T> { items: T[]; nextCursor?: string }
export type Role = Schemas['Me']['role'];
export type Me = Schemas['Me'];

export type ListedLead = Schemas['ListedLead'];
export type LeadAnswer = Schemas['Lead'];
export type Score = Schemas['ScoreExplanation'];
export type Contribution = Score['contributions'][number];
export type TimelineItem = Schemas['TimelineEntry'];
export type Stages = Schemas['LeadStages'];
export type LeadConsent = Schemas['LeadConsent'];
export type LeadSegment = Schemas['LeadSegment'];
export type Why = Schemas['ConditionExplanation'];
export type Run = Schemas['ListedRun'];
export type Message = Schemas['LeadMessage'];

export type QueuedLead = Schemas['QueuedLead'];
export type HandOver = Schemas['HandOver'];
export type Note = HandOver['notes'][number];

export type Lifecycle = Schemas['Lifecycle'];
export type ListedSegment = Schemas['ListedSegment'];
export type DeadLetter = Schemas['DeadLetter'];

export type FieldError = Schemas['FieldError'];
export type Approvals = Schemas['Approvals'];
export type Effect = Schemas['PublicationEffect'];
export type ContentReach = Schemas['ContentReach'];
export type NamedLead = Schemas['NamedLead'];
export type AuditEntry = Schemas['ListedAuditEntry'];
export type ShownAuditEntry = Schemas['ShownAuditEntry'];
export type ListedCampaign = Schemas['Campaign'];
export type CampaignPerson = Schemas['CampaignPerson'];
export type CampaignForecast = Schemas['CampaignForecast'];
export type ListedTemplate = Schemas['ListedTemplate'];
export type TopicSetting = Schemas['TopicSetting'];
export type ListedJourney = Schemas['ListedJourney'];
export type JourneyAnswer = Omit<Schemas['Journey'], 'document'> & { document: Record<string, unknown> };
export type JourneyVersion = Schemas['ListedJourneyVersion'];
export type JourneyStats = Schemas['JourneyStats'];
export type CountedRun = Schemas['CountedRun'];
export type JourneyLift = Schemas['JourneyLift'];
export type ResumeForecast = Schemas['ResumeForecast'];
export type Simulation = Schemas['Simulation'];
export type SimulatedRun = Simulation['runs'][number];
export type Migration = Schemas['Migration'];
export type SeenNames = Schemas['SeenNames'];
export type Use = Schemas['Use'];
export type TemplatePreview = Schemas['TemplatePreview'];
export type ShownMetric = Schemas['ShownMetric'];
export type ShownGoal = Schemas['ShownGoal'];
export type GoalDocument = Schemas['GoalDocument'];
export type ShownCost = Schemas['ShownCost'];
export type CountedPerson = Schemas['ShownPerson'];
/** A row of a report has the values of its dimensions beside its figures. */
export interface ReportRow { value: number | null; people: number; numerator?: number | null; denominator?: number; reason?: string; [name: string]: string | number | boolean | null | undefined }
export type Report = Omit<Schemas['Report'], 'rows' | 'total' | 'compare'> & { rows: ReportRow[]; total: ReportRow; compare?: { from: string; to: string; total: ReportRow; change?: number | null } };
export type ApiKey = Schemas['ApiKey'];
export type CreatedApiKey = Schemas['CreatedApiKey'];
export type Source = Schemas['Source'];
export type ShownSource = Schemas['ShownSource'];
export type CreatedWriteKey = Schemas['CreatedWriteKey'];
export type Roles = Schemas['Roles'];
export type RouteRoles = Roles['routes'][number];
export type Freshness = Schemas['Freshness'];
export type SourceMeters = Schemas['SourceMeters'];
export type SourceHealth = SourceMeters['items'][number];
export type StorageMeters = Schemas['StorageMeters'];
export type Clock = Schemas['Clock'];
export type MovedClock = Schemas['MovedClock'];
export type SegmentUse = Schemas['SegmentUse'];
export type RulePerson = Schemas['RulePerson'];
export type RulePoints = Schemas['RulePointsAnswer'];
export type LeadCounts = Schemas['LeadCounts'];
export type LeadCourses = Schemas['LeadCourses'];
export type JourneyActivity = Schemas['JourneyActivity'];
export type Calendar = Schemas['Calendar'];
export type CalendarDay = Schemas['CalendarDay'];
export type FactReading = Schemas['FactReading'];
export type OutboxMessage = Schemas['OutboxMessage'];
export type TailItem = Schemas['TailItem'];
export type Tail = Schemas['Tail'];
