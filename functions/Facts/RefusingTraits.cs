using System.Collections.Frozen;
using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Facts;

/// <summary>
/// Traits by which other systems say that somebody wants no more (<c>unsubscribed</c>, <c>hs_email_optout</c>, <c>HasOptedOutOfEmail</c>, <c>do_not_contact</c>): heard as a refusal. That such a trait is
/// false says only that nobody refused there, and takes nothing back.
/// </summary>
internal static class RefusingTraits
{
    private const int LongestName = 40;

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Refusals = new Dictionary<string, string>
    {
        ["unsubscribed"] = "email",
        ["unsubscribedat"] = "email",
        ["unsubscribedon"] = "email",
        ["isunsubscribed"] = "email",
        ["hasunsubscribed"] = "email",
        ["emailunsubscribed"] = "email",
        ["emailunsubscribedat"] = "email",
        ["unsubscribedfromemail"] = "email",
        ["unsubscribedfromemails"] = "email",
        ["unsubscribedfromall"] = ConsentAnswer.Everything,
        ["optout"] = "email",
        ["optedout"] = "email",
        ["hasoptedout"] = "email",
        ["emailoptout"] = "email",
        ["emailoptedout"] = "email",
        ["optedoutofemail"] = "email",
        ["hasoptedoutofemail"] = "email",
        ["hsemailoptout"] = "email",
        ["marketingoptout"] = "email",
        ["marketingemailsoptout"] = "email",
        ["donotemail"] = "email",
        ["donotmail"] = "email",
        ["donotcontact"] = ConsentAnswer.Everything,
        ["smsoptout"] = "sms",
        ["smsoptedout"] = "sms",
        ["smsunsubscribed"] = "sms",
        ["donotsms"] = "sms",
        ["donottext"] = "sms",
        ["donotcall"] = "phone",
    }.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool AreIn(JsonElement said) => In(said).Any();

    /// <summary>Takes them down as answers.</summary>
    /// <returns>The paths whose value changed.</returns>
    public static IReadOnlyList<string> Apply(TraitMap traits, JsonElement said, long at)
    {
        List<string>? changed = null;
        foreach (var refused in In(said))
        {
            (changed ??= []).AddRange(traits.SetAnswers(Answer(refused), at));
        }

        return changed ?? (IReadOnlyList<string>)[];
    }

    /// <summary>What is refused: a channel, or everything.</summary>
    private static IEnumerable<string> In(JsonElement said)
    {
        if (said.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var trait in said.EnumerateObject())
        {
            if (Find(trait.Name) is { } refused && Consent.Read(Value.From(trait.Value), isRefusal: true) is Said.No or Said.Unclear)
            {
                yield return refused;
            }
        }
    }

    private static string? Find(string name)
    {
        if (name.Length > LongestName)
        {
            return null;
        }

        Span<char> letters = stackalloc char[LongestName];
        var length = 0;
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                letters[length++] = char.ToLowerInvariant(c);
            }
        }

        return Refusals.TryGetValue(letters[..length], out var refused) ? refused : null;
    }

    private static JsonElement Answer(string refused) => JsonElement.Parse($"{{\"{refused}\":{{\"granted\":false}}}}");
}
