using LeadFunctions.Interests;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Api;

/// <summary>Something that a lead looks at, as the API shows it.</summary>
/// <param name="Weight">What its looks weigh together by now.</param>
/// <param name="Share">Of what all looks of the dimension weigh, from 0 to 1.</param>
internal sealed record InterestAnswer(string Value, double Weight, double Share, DateTimeOffset Last)
{
    private const int Most = 5;

    /// <summary>What would be shown as 0.</summary>
    private const double Nothing = 0.005;

    /// <summary>By dimension, what weighs most first; null where nothing weighs anything any more, or nothing is known yet.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<InterestAnswer>>? Of(LeadRecord lead, InterestRules rules, DateTimeOffset now)
    {
        var answers = new Dictionary<string, IReadOnlyList<InterestAnswer>>();
        foreach (var dimension in rules.Dimensions)
        {
            InterestAnswer[] shown = lead.TryInterests(rules, dimension.Name, now, out var interests)
                ? [.. interests.All(now).TakeWhile(one => one.Weight >= Nothing).Take(Most).Select(one => new InterestAnswer(one.Value, Math.Round(one.Weight, 2), Math.Round(one.Share, 2), LeadAnswer.Time(one.Last)))]
                : [];
            if (shown.Length > 0)
            {
                answers[dimension.Name] = shown;
            }
        }

        return answers.Count == 0 ? null : answers;
    }
}
