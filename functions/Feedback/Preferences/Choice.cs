using System.Globalization;
using LeadFunctions.Conditions;
using LeadFunctions.Messaging;

namespace LeadFunctions.Feedback.Preferences;

/// <summary>What the reader asks for with a button.</summary>
internal enum Wish
{
    Save,

    /// <summary>No more of what the message was about.</summary>
    Unsubscribe,

    /// <summary>Nothing more.</summary>
    Off,
}

/// <summary>What the page's form, or a mail program's one click, sends.</summary>
/// <param name="Topics">Ticked.</param>
/// <param name="Frequency">Null: as it is.</param>
/// <param name="PauseDays">Null: as it is; 0: no break.</param>
internal sealed record Choice(Wish Wish, IReadOnlyList<string> Topics, Frequency? Frequency, int? PauseDays)
{
    public static readonly IReadOnlyList<int> Pauses = [30, 60, 90];

    public static readonly Choice OneClick = new(Wish.Unsubscribe, [], null, null) { IsOneClick = true };

    /// <summary>No page was seen: the mail program has the button.</summary>
    public bool IsOneClick { get; init; }

    /// <summary>Null when it is neither.</summary>
    /// <param name="form">By name; several values where boxes are ticked.</param>
    public static Choice? Read(IReadOnlyDictionary<string, IReadOnlyList<string>> form)
    {
        if (One("List-Unsubscribe") is { } click)
        {
            return click.Trim().Equals("One-Click", StringComparison.OrdinalIgnoreCase) ? OneClick : null;
        }

        if (One("wish") is not { } wished || !Enum.TryParse<Wish>(wished, ignoreCase: true, out var wish) || !Enum.IsDefined(wish))
        {
            return null;
        }

        Frequency? frequency = Enum.TryParse<Frequency>(One("frequency"), ignoreCase: true, out var often) && Enum.IsDefined(often) ? often : null;
        int? pause = int.TryParse(One("pause"), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && (days == 0 || Pauses.Contains(days)) ? days : null;
        return new(wish, form.GetValueOrDefault("topic") ?? [], frequency, pause);

        string? One(string name) => form.TryGetValue(name, out var values) && values is [{ } value, ..] ? value : null;
    }
}

/// <summary>What a choice changes.</summary>
/// <param name="Answers">Consent by topic.</param>
/// <param name="Narrowed">What was refused as a whole (everything, the channel), and is refused now but for the topics that are agreed to.</param>
/// <param name="Traits">Others; null takes one away.</param>
/// <param name="Left">Topics that the reader got until now; "*" for all.</param>
/// <param name="After">How the page shows it.</param>
internal sealed record Change(IReadOnlyDictionary<string, bool> Answers, IReadOnlyList<string> Narrowed, IReadOnlyDictionary<string, string?> Traits, IReadOnlyList<string> Left, Standing After)
{
    /// <summary>They want nothing more of what they are asked about.</summary>
    public bool EndsAll => Left.Contains(ConsentAnswer.Everything);

    /// <summary>They want something (again).</summary>
    public bool IsOn => Answers.Values.Contains(true);

    /// <param name="answers">The lead's, as they are.</param>
    public static Change Of(Choice choice, Standing before, IReadOnlyList<ConsentAnswer> answers, string channel, string? topic, DateTimeOffset now)
    {
        var said = new SortedList<string, bool>(StringComparer.Ordinal);
        var traits = new SortedList<string, string?>(StringComparer.Ordinal);
        IReadOnlyList<string> narrowed = [];
        var after = before;
        switch (choice.Wish)
        {
            case Wish.Off:
                said[ConsentAnswer.Everything] = false;
                after = Without(before, _ => true) with { IsOff = true };
                break;

            case Wish.Unsubscribe:
                // A message of no topic is one of all: who wants none of its kind wants none on its channel.
                said[topic ?? channel] = false;
                after = Without(before, one => topic is null || IsWithin(one, topic));
                after = after with { IsOff = topic is null || after.Topics.All(one => !one.IsOn) };
                break;

            default:
                var wanted = before.Topics.Select(one => (one.Topic, IsOn: choice.Topics.Contains(one.Topic.Id, StringComparer.Ordinal))).ToList();
                foreach (var (one, isOn) in wanted)
                {
                    said[one.Id] = isOn;
                }

                if (wanted.Exists(one => one.IsOn))
                {
                    // A no to everything would outweigh what they have just chosen; a yes to everything would agree to all that they have not.
                    narrowed = Standing.RefusedAsAWhole(channel, answers);
                }

                // A no to a topic is one to its parts.
                wanted = [.. wanted.Select(one => (one.Topic, one.IsOn && !wanted.Exists(above => !above.IsOn && IsWithin(one.Topic.Id, above.Topic.Id))))];
                after = new(wanted, !wanted.Exists(one => one.IsOn), choice.Frequency ?? before.Frequency, before.PausedUntil);
                if (after.Frequency != before.Frequency)
                {
                    traits[Arbiter.Frequency] = $"{after.Frequency}".ToLowerInvariant();
                }

                if (choice.PauseDays is { } days && (days > 0 || before.PausedUntil is not null))
                {
                    DateTimeOffset? until = days > 0 ? now.AddDays(days) : null;
                    traits[Arbiter.PausedUntil] = until?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                    after = after with { PausedUntil = until };
                }

                break;
        }

        IReadOnlyList<string> left = choice.Wish == Wish.Save
            ? [.. before.Topics.Where((one, i) => one.IsOn && !after.Topics[i].IsOn).Select(one => one.Topic.Id)]
            : [choice.Wish == Wish.Off || topic is null ? ConsentAnswer.Everything : topic];
        return new(said, narrowed, traits, left, after);
    }

    private static Standing Without(Standing standing, Func<string, bool> isOff) =>
        standing with { Topics = [.. standing.Topics.Select(one => (one.Topic, one.IsOn && !isOff(one.Topic.Id)))] };

    private static bool IsWithin(string topic, string of) => topic == of || topic.StartsWith($"{of}.", StringComparison.Ordinal);
}
