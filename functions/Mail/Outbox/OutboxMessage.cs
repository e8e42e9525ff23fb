using System.Text.Json;

namespace LeadFunctions.Mail.Outbox;

/// <summary>A message that went nowhere: it is kept, and shown to people.</summary>
/// <param name="Id">Its send id.</param>
/// <param name="Due">When it should have gone out; null: when it did.</param>
/// <param name="Html">Of mail alone.</param>
/// <param name="Data">What a journey's step sends along.</param>
public sealed record OutboxMessage(
    string Id, string Channel, string LeadId, string To, string Subject, string Text, DateTimeOffset SentAt, DateTimeOffset? Due = null,
    string? Journey = null, int? Version = null, string? Run = null, string? Step = null, string? Template = null, string? Topic = null, string? Campaign = null,
    JsonElement? Data = null, string? From = null, string? Html = null);
