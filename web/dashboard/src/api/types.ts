// The answers of the API, as far as pages show them. /api/openapi.json describes them whole.

export type Role = 'read' | 'sales' | 'marketer' | 'admin';
export interface Page<T> { items: T[]; nextCursor?: string }

export interface Me { keyId: string; name: string; role: Role; scopes: Role[]; timeZone: string; now: string; clockMoves: boolean; sessionUntil?: string }

export interface ListedLead {
  id: string; known: boolean; userId?: string; email?: string; name?: string; company?: string; owner?: string; stage: string; engagement: number; fit: number; grade?: string;
  firstSeen: string; lastSeen: string; segments: string[];
}

export interface LeadAnswer {
  id: string; known: boolean; userId?: string; email?: string; anonymousIds: string[]; stage: string; engagement: number; fit: number; grade?: string; firstSeen: string; lastSeen: string;
  traits: Record<string, unknown>; consent: Record<string, unknown>; segments: string[]; activity: Record<string, { count: number; first: string; last: string }>;
  mergedLeads?: { id: string; at: string }[]; timeZone?: { name?: string; from?: string; unreadable?: string[] }; owner?: string; stageSince?: string;
}

export interface Contribution {
  rule: string; model: string; event: { id: string; name: string; at: string }; points: number; applied: number; halfLife?: string; now: number; count?: number; reduced?: string; amount?: number;
}
export interface Score {
  leadId: string; asOf: string; model?: { id: string; version: number }; engagement: number; clamp?: { sum: number; to: number; by: string }; fit: number; grade?: string;
  contributions: Contribution[]; fitContributions: { rule: string; points: number }[];
}

export interface TimelineItem {
  id: string; type: string; name: string; at: string; receivedAt: string; source?: string; leadId?: string; properties?: Record<string, unknown>; points: { rule: string; points: number }[];
  changes?: { traits?: string[]; stage?: string; merged?: string; unmerged?: string; entered?: string[]; left?: string[]; owner?: string; message?: { answer: string; until?: string; reason?: string } };
}

export interface Stay { stage: string; since: string; until?: string; days: number; cause?: string; reason?: string; by?: string; outcome?: string; amount?: number; currency?: string }
export interface Stages { leadId: string; stage: string; owner?: string; slaUntil?: string; slaMissed: boolean; neglected: boolean; reopened: number; stays: Stay[] }

export interface LeadConsent { topics: { topic: string; state: 'granted' | 'denied'; since: string; by: { name: string; source?: string } }[] }
export interface LeadSegment { id: string; name?: string; persona: boolean; by: string; in: boolean; since?: string; why?: Why }
export interface Why { condition: unknown; holds: boolean; seen?: unknown; parts?: Why[] }
export interface Run { id: string; journey: string; version: number; status: string; step?: string; enteredAt: string; waitsUntil?: string; endedAt?: string; endReason?: string }
export interface Message { id: string; channel: string; state: string; at: string; due: string; until?: string; reason?: string; template?: string; topic?: string; journey?: string; campaign?: string; openedAt?: string; clickedAt?: string }

export interface QueuedLead {
  leadId: string; name?: string; email?: string; company?: string; stage: string; stageSince?: string; owner?: string; engagement: number; fit: number; grade?: string; lastSeen?: string;
  slaUntil?: string; slaMissed: boolean; rank: number; rankedBy: { engagement: number; fit: number; freshness: number; clock: number }; interests?: Record<string, string>;
}

export interface HandOver {
  leadId: string; name?: string; email?: string; phone?: string; title?: string; company?: { id?: string; name?: string; industry?: string; employees?: string }; stage: string; stageReason?: string; owner?: string; slaUntil?: string;
  engagement: number; fit: number; grade?: string; why: string[]; lastActivity?: { event: string; at: string; what?: string }; journeys: string[]; pages: { id: string; name?: string; times: number; last: string }[];
  products: { id: string; name?: string; times: number; last: string }[]; notes: Note[]; consent: Record<string, string>;
}
export interface Note { at: string; by?: string; text: string }

export interface Lifecycle { document: { stages: { id: string; name: string; sla?: string }[]; reasons?: Record<string, string[]> } }
export interface ListedSegment { id: string; name: string; state: string }
export interface DeadLetter { id: string; kind: string; queue: string; reason: string; at: string; size: number; replayedAt?: string }
