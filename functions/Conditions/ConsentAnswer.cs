using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions;

/// <summary>One answer about consent as it was given.</summary>
/// <param name="Path">Where it stood, dotted: <c>marketing</c>, <c>marketing.email.granted</c>.</param>
/// <param name="At">Event time, Unix ms.</param>
public readonly record struct ConsentAnswer(string Path, Value Value, long At)
{
    /// <summary>Refuses every topic, whatever else was or will be answered, until there is a yes to the same.</summary>
    public const string Everything = "*";

    /// <summary>
    /// A no to everything (or to a channel) from somebody who has chosen some topics all the same: those that were agreed to since then, one by one, may be sent, all others and those that come later may not. Read as a
    /// plain answer it is no yes.
    /// </summary>
    public const string UnlessAgreed = "unlessAgreed";

    /// <summary>It lets through what was agreed to since.</summary>
    internal bool IsUnlessAgreed => Value.Text == UnlessAgreed;

    /// <summary>What it says by itself, whatever it is about.</summary>
    internal Said Said
    {
        get
        {
            var isRefused = false;
            foreach (var segment in Path.AsSpan().Split('.'))
            {
                isRefused ^= Consent.IsAnswer(Path.AsSpan(segment), out var isRefusal) && isRefusal;
            }

            return Consent.Read(Value, isRefused);
        }
    }

    /// <summary>
    /// What it says about a place (a topic, a channel, one on the other): its path is the place's, with any words for the answer itself in between. Null: it is about something else.
    /// </summary>
    /// <param name="place">Empty for what names no topic at all.</param>
    internal Said? About(string place)
    {
        var rest = place.AsSpan();
        var isRefused = false;
        foreach (var range in Path.AsSpan().Split('.'))
        {
            var segment = Path.AsSpan(range).Trim();
            var dot = rest.IndexOf('.');
            if (rest.Length > 0 && IsSame(segment, rest[..(dot < 0 ? rest.Length : dot)].Trim()))
            {
                rest = dot < 0 ? [] : rest[(dot + 1)..];
            }
            else if (Consent.IsAnswer(segment, out var isRefusal))
            {
                isRefused ^= isRefusal;
            }
            else if (segment.Length > 0)
            {
                return null;
            }
        }

        return rest.Length > 0 ? null : Consent.Read(Value, isRefused);
    }

    private static bool IsSame(ReadOnlySpan<char> segment, ReadOnlySpan<char> place) =>
        segment.Equals(place, StringComparison.OrdinalIgnoreCase) || (place.SequenceEqual(Everything) && Consent.IsEverything(segment));

    /// <summary>
    /// Nothing that is ever heard, and therefore nothing that may take the place of an answer: an address under a channel's name, as forms send it, and, where no topic is named, what is no plain yes or no under
    /// a word that may mean something else (<c>"status": "updated"</c>, the <c>"value": 0</c> of an analytics tag).
    /// </summary>
    internal bool IsNone => !Path.Contains('.', StringComparison.Ordinal)
        && (Consent.IsAnswer(Path, out var isRefusal) ? IsOfATag || Consent.Read(Value, isRefusal) is Said.Unclear or Said.Nothing : IsAddress(Path));

    /// <summary>The number of an analytics tag, whatever it counts.</summary>
    internal bool IsOfATag => Value.Kind == ValueKind.Number && Path.Equals("value", StringComparison.OrdinalIgnoreCase);

    /// <summary>Forms send the address itself under the channel's name.</summary>
    internal bool IsAddress(string channel) =>
        Value.Text is { } text && (text.Contains('@', StringComparison.Ordinal)
            || (channel.Equals("sms", StringComparison.OrdinalIgnoreCase) && text.Count(char.IsAsciiDigit) >= 5 && !text.Any(char.IsAsciiLetter)));
}
