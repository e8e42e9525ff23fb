namespace LeadFunctions.Messaging.Api;

/// <summary>A message to a lead as the API shows it.</summary>
/// <param name="Id">The send's: <c>messageId</c> of its events.</param>
/// <param name="State">held, begun, sent, unconfirmed, skipped, deferred, failed or bounced.</param>
/// <param name="At">When it came to stand so.</param>
/// <param name="Due">When it should go out.</param>
/// <param name="Until">Of one that is held.</param>
/// <param name="Reason">Why it does not stand at sent, in words.</param>
internal sealed record LeadMessageAnswer(
    string Id, string Channel, string State, DateTimeOffset At, DateTimeOffset Due, DateTimeOffset? Until, string? Reason, string? Template, string? Topic, string? Journey, string? Step, string? Campaign,
    DateTimeOffset? OpenedAt, DateTimeOffset? ClickedAt, DateTimeOffset? BouncedAt, DateTimeOffset? ComplainedAt)
{
    /// <summary>The newest first.</summary>
    public static IReadOnlyList<LeadMessageAnswer> Of(LeadMessages? messages) => [.. (messages ?? LeadMessages.None).Kept.Reverse().Select(Of)];

    private static LeadMessageAnswer Of(LeadMessage message) => new(
        message.Id, message.Channel, message.State.ToString().ToLowerInvariant(), Time(message.At)!.Value, Time(message.Due)!.Value, Time(message.Until), message.Reason, message.Template, message.Topic,
        message.Journey, message.Step, message.Campaign, Time(message.OpenedAt), Time(message.ClickedAt), Time(message.BouncedAt), Time(message.ComplainedAt));

    private static DateTimeOffset? Time(long? ms) => ms is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}
