using System.Text.Json.Serialization;

namespace LeadFunctions.Messaging;

/// <summary>Where a message to a lead stands.</summary>
internal enum MessageState
{
    /// <summary>It may not go out yet.</summary>
    Held,

    /// <summary>It may go out, and somebody is at it; after a crash, perhaps it has.</summary>
    Begun,

    /// <summary>Whoever carries it has taken it.</summary>
    Sent,

    /// <summary>Likewise, it seems: whoever was at it did not live to tell.</summary>
    Unconfirmed,

    /// <summary>It may not go out.</summary>
    Skipped,

    /// <summary>It was not taken, and will be tried again.</summary>
    Deferred,

    /// <summary>It was not taken and never will be.</summary>
    Failed,

    /// <summary>It came back: nobody can be reached there.</summary>
    Bounced,
}

/// <summary>One message to a lead, as its profile keeps it. Times are Unix ms.</summary>
/// <param name="Id">The send id.</param>
/// <param name="At">When it came to stand so.</param>
/// <param name="Due">When it should go out.</param>
/// <param name="Attempt">Who began it.</param>
/// <param name="Until">Of one that is held: until then at least.</param>
/// <param name="ForRoom">It is held since a cap left no room, or might leave it to something more important.</param>
/// <param name="ForAnswer">It is held since nobody knows of an answer to its topic, and one may be on its way.</param>
internal sealed record LeadMessage(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("c")] string Channel,
    [property: JsonPropertyName("s")] MessageState State,
    [property: JsonPropertyName("at")] long At,
    [property: JsonPropertyName("d")] long Due,
    [property: JsonPropertyName("a")] string? Attempt = null,
    [property: JsonPropertyName("u")] long? Until = null,
    [property: JsonPropertyName("r")] string? Reason = null,
    [property: JsonPropertyName("tp")] string? Topic = null,
    [property: JsonPropertyName("te")] string? Template = null,
    [property: JsonPropertyName("j")] string? Journey = null,
    [property: JsonPropertyName("st")] string? Step = null,
    [property: JsonPropertyName("ca")] string? Campaign = null,
    [property: JsonPropertyName("p")] Priority? Priority = null,
    [property: JsonPropertyName("fr")] bool? ForRoom = null,
    [property: JsonPropertyName("fa")] bool? ForAnswer = null)
{
    [JsonPropertyName("o")]
    public long? OpenedAt { get; init; }

    [JsonPropertyName("k")]
    public long? ClickedAt { get; init; }

    [JsonPropertyName("b")]
    public long? BouncedAt { get; init; }

    [JsonPropertyName("x")]
    public long? ComplainedAt { get; init; }

    /// <summary>It waits for something, or somebody is at it.</summary>
    [JsonIgnore]
    public bool IsOpen => State is MessageState.Held or MessageState.Begun or MessageState.Deferred;

    /// <summary>It counts against caps: it went out, or may.</summary>
    [JsonIgnore]
    public bool Counts => State is MessageState.Begun or MessageState.Sent or MessageState.Unconfirmed;
}

/// <summary>A lead's messages: what the arbiter asks, and what people are shown. Immutable.</summary>
/// <param name="Kept">The newest last; of those that are over the last <see cref="OverKept"/>.</param>
/// <param name="Times">By channel: when messages went out, Unix ms, in order.</param>
internal sealed record LeadMessages(
    [property: JsonPropertyName("m")] IReadOnlyList<LeadMessage> Kept,
    [property: JsonPropertyName("t")] IReadOnlyDictionary<string, IReadOnlyList<long>> Times)
{
    public const int OverKept = 100;

    /// <summary>More cannot be asked of a cap.</summary>
    public const int TimesKept = 500;

    /// <summary>Those who wait longest go first, when there are more: when they ask again they are asked anew.</summary>
    private const int OpenKept = 100;

    // Of what goes along with a lead that is let go: an event holds no more.
    private const int CarriedKept = 60;
    private const int CarriedReason = 80;

    public static readonly LeadMessages None = new([], new Dictionary<string, IReadOnlyList<long>>());

    /// <summary>Null when it is not known, or not any more.</summary>
    public LeadMessage? Find(string send)
    {
        for (var i = Kept.Count - 1; i >= 0; i--)
        {
            if (Kept[i].Id == send)
            {
                return Kept[i];
            }
        }

        return null;
    }

    /// <summary>What somebody may have to look after: how many wait to go out, or are tried again, and when one was given up last (Unix ms; 0: none).</summary>
    public (int Held, long FailedAt) Troubles()
    {
        var (held, failedAt) = (0, 0L);
        foreach (var message in Kept)
        {
            held += message.State is MessageState.Held or MessageState.Deferred ? 1 : 0;
            failedAt = message.State == MessageState.Failed ? Math.Max(failedAt, message.At) : failedAt;
        }

        return (held, failedAt);
    }

    /// <summary>With the message as it stands now.</summary>
    public LeadMessages With(LeadMessage message)
    {
        var before = Find(message.Id);
        List<LeadMessage> kept = [.. Kept.Where(one => one.Id != message.Id), message];
        Trim(kept, one => !one.IsOpen, OverKept);
        Trim(kept, one => one.IsOpen, OpenKept);
        var times = Times;
        if (before?.Counts != true && message.Counts)
        {
            times = Changed(message.Channel, list => [.. list.Append(message.At).Order().TakeLast(TimesKept)]);
        }
        else if (before?.Counts == true && !message.Counts)
        {
            times = Changed(message.Channel, list => Without(list, before.At));
        }
        else if (before?.Counts == true && before.At != message.At)
        {
            times = Changed(message.Channel, list => [.. Without(list, before.At).Append(message.At).Order().TakeLast(TimesKept)]);
        }

        return new(kept, times);
    }

    /// <summary>Of both leads, which have turned out to be one person.</summary>
    public static LeadMessages Union(LeadMessages one, LeadMessages other)
    {
        List<LeadMessage> kept = [.. one.Kept.Concat(other.Kept).DistinctBy(message => message.Id).OrderBy(message => message.At)];
        Trim(kept, message => !message.IsOpen, OverKept);
        Trim(kept, message => message.IsOpen, OpenKept);
        var times = one.Times.Keys.Union(other.Times.Keys).ToDictionary(
            channel => channel,
            channel => (IReadOnlyList<long>)[.. one.Times.GetValueOrDefault(channel, []).Concat(other.Times.GetValueOrDefault(channel, [])).Order().TakeLast(TimesKept)]);
        return new(kept, times);
    }

    /// <summary>Those since then, without such as wait (who wants them sent asks anew), in as much room as an event has; null when there are none.</summary>
    /// <param name="then">Unix ms.</param>
    public LeadMessages? Since(long then)
    {
        var kept = Kept.Where(message => message.At >= then && message.State is not (MessageState.Held or MessageState.Deferred))
            .OrderByDescending(message => message.IsOpen).ThenByDescending(message => message.At).Take(CarriedKept)
            .Select(message => message with { Reason = message.Reason is { } reason ? Events.EventText.Cut(reason, CarriedReason) : null }).OrderBy(message => message.At).ToList();
        var times = Times.Select(channel => (channel.Key, Times: (IReadOnlyList<long>)[.. channel.Value.Where(at => at >= then)])).Where(channel => channel.Times.Count > 0).ToDictionary();
        return kept.Count + times.Count == 0 ? null : new(kept, times);
    }

    /// <summary>Without those that wait, of whoever is meant.</summary>
    public LeadMessages WithoutWaiting(Func<string, bool> isOne)
    {
        return Kept.Any(IsMeant) ? this with { Kept = [.. Kept.Where(message => !IsMeant(message))] } : this;

        bool IsMeant(LeadMessage message) => message.State is MessageState.Held or MessageState.Deferred && isOne(message.Id);
    }

    /// <summary>With what <see cref="Since"/> answered of another: of a message that both have, what that says is newer.</summary>
    public LeadMessages WithThose(LeadMessages since)
    {
        var all = since.Kept.Aggregate(this, (messages, message) => messages.With(message));
        var times = all.Times.Keys.Union(since.Times.Keys).ToDictionary(
            channel => channel,
            channel => (IReadOnlyList<long>)[.. all.Times.GetValueOrDefault(channel, [])
                .Concat(Missing(since.Times.GetValueOrDefault(channel, []), since.Kept.Where(message => message.Channel == channel && message.Counts))).Order().TakeLast(TimesKept)]);
        return all with { Times = times };
    }

    private static List<long> Missing(IReadOnlyList<long> times, IEnumerable<LeadMessage> counted)
    {
        List<long> left = [.. times];
        foreach (var message in counted)
        {
            left.Remove(message.At);
        }

        return left;
    }

    private Dictionary<string, IReadOnlyList<long>> Changed(string channel, Func<IReadOnlyList<long>, IReadOnlyList<long>> change) =>
        new(Times) { [channel] = change(Times.GetValueOrDefault(channel, [])) };

    private static IReadOnlyList<long> Without(IReadOnlyList<long> times, long at)
    {
        List<long> left = [.. times];
        left.Remove(at);
        return left;
    }

    private static void Trim(List<LeadMessage> messages, Predicate<LeadMessage> of, int most)
    {
        for (var over = messages.Count(message => of(message)) - most; over > 0; over--)
        {
            messages.RemoveAt(messages.FindIndex(of));
        }
    }
}
