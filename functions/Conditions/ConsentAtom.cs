using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions;

/// <summary>Asks how a lead stands to messages about a topic, by the very reading of its answers that decides whether one goes out.</summary>
/// <param name="standings">One of these.</param>
internal sealed class ConsentAtom(string topic, string channel, string[] standings) : LeadAtom
{
    /// <summary>Where a condition names none.</summary>
    public const string UsualChannel = "email";

    protected override bool Holds(ILeadFacts facts, DateTimeOffset at) => Array.IndexOf(standings, TopicConsent.Of(topic, channel, facts)) >= 0;

    public override Value Seen(ILeadFacts facts, DateTimeOffset at) => Value.From(TopicConsent.Of(topic, channel, facts));

    // An answer counts until there is another.
    public override DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before) => null;
}
