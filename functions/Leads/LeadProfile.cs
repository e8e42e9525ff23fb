using LeadFunctions.Conditions;

namespace LeadFunctions.Leads;

/// <summary>A lead as conditions of journeys see it: its record, and what the product knows beside it (<see cref="ProfileFacts"/>).</summary>
internal sealed class LeadProfile(LeadRecord record, LeadScore score) : ILeadFacts
{
    /// <summary>Event time of the last thing that the person did.</summary>
    public const string LastSeen = "$lastSeen";

    public Value Trait(string path) => path switch
    {
        ProfileFacts.Engagement => Value.From(score.Engagement),
        ProfileFacts.Fit => Value.From(score.Fit),
        ProfileFacts.Grade => score.Grade is { } grade ? Value.From(grade) : Value.Missing,
        ProfileFacts.Stage => Value.From(record.Stage),
        LastSeen => record.LastSeen > 0 ? Value.From(DateTimeOffset.FromUnixTimeMilliseconds(record.LastSeen).ToString("O")) : Value.Missing,
        "email" when record.Email is { } email => Value.From(email),
        "userId" when record.UserId is { } userId => Value.From(userId),
        _ => ((ILeadFacts)record).Trait(path),
    };

    public int Count(string eventName, DateTimeOffset from, DateTimeOffset to) => ((ILeadFacts)record).Count(eventName, from, to);

    public DateTimeOffset? LastAt(string eventName) => ((ILeadFacts)record).LastAt(eventName);

    public DateTimeOffset? FirstAt(string eventName) => ((ILeadFacts)record).FirstAt(eventName);
}
