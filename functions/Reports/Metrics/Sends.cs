namespace LeadFunctions.Reports.Metrics;

/// <summary>What became of the messages to a person.</summary>
internal static class Sends
{
    /// <summary>What is done with a message later counts no more.</summary>
    public const long Window = 30L * 24 * 60 * 60 * 1000;

    /// <summary>Each message that was delivered, with whether it was read.</summary>
    public static void CountOpens(Person person, List<Counted> into) => Count(person, into, isOpens: true);

    /// <summary>Likewise with whether somebody clicked in it.</summary>
    public static void CountClicks(Person person, List<Counted> into) => Count(person, into, isOpens: false);

    private static void Count(Person person, List<Counted> into, bool isOpens)
    {
        Dictionary<ulong, Send>? sends = null;
        foreach (var fact in person.Facts)
        {
            if (fact.Kind == FactKind.Send && !(isOpens && fact.Values[Dimensions.Channel] != "email"))
            {
                (sends ??= []).TryAdd(fact.Subject, new(fact));
            }
        }

        if (sends is null)
        {
            return;
        }

        foreach (var fact in person.Facts)
        {
            if (fact.Kind is FactKind.Bounce or FactKind.Touch && sends.TryGetValue(fact.Subject, out var send))
            {
                send.Hear(fact, isOpens);
            }
        }

        foreach (var send in sends.Values)
        {
            if (!send.IsBounced)
            {
                into.Add(new(send.Sent.At, send.Sent.Values) { Is = send.ActAt is not null, IsRaw = send.IsRaw, ActAt = send.ActAt ?? 0 });
            }
        }
    }

    private sealed class Send(KnownFact sent)
    {
        public KnownFact Sent => sent;

        public bool IsBounced { get; private set; }

        /// <summary>When a person first did it.</summary>
        public long? ActAt { get; private set; }

        public bool IsRaw { get; private set; }

        public void Hear(KnownFact fact, bool isOpens)
        {
            IsBounced |= fact.Kind == FactKind.Bounce;
            if (fact.Kind != FactKind.Touch || fact.At - sent.At > Window || (!isOpens && fact.Values[Dimensions.Act] != "click"))
            {
                return;
            }

            // Who clicks has read: also where pictures are not loaded.
            IsRaw = true;
            ActAt = fact.Values[Dimensions.By] == "human" ? Math.Min(ActAt ?? long.MaxValue, fact.At) : ActAt;
        }
    }
}
