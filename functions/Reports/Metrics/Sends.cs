using System.Runtime.InteropServices;

namespace LeadFunctions.Reports.Metrics;

/// <summary>What became of the messages to a person.</summary>
internal static class Sends
{
    /// <summary>What is done with a message later counts no more.</summary>
    public const long Window = 30L * 24 * 60 * 60 * 1000;

    /// <summary>More are not kept in hand for the next person: emptying them would take longer than making them.</summary>
    private const int MostPlaces = 256;

    /// <summary>A mail that a privacy proxy loaded, as it loads all, and with which a person did nothing that can be seen.</summary>
    public static readonly Apart Unmeasured = new("unmeasured", "A privacy proxy loaded these, as it loads all: whether a person has read them nobody can tell, so they are in neither part nor whole.");

    private static readonly Apart Bounced = new("bounced", "It is taken out.");

    /// <summary>Each message that was delivered, with whether it was read.</summary>
    public static void CountOpens(Person person, List<Counted> into) => Count(person, into, isOpens: true);

    /// <summary>Likewise with whether somebody clicked in it.</summary>
    public static void CountClicks(Person person, List<Counted> into) => Count(person, into, isOpens: false);

    /// <summary>Most people get a few messages, and are a million: what finds a message is used for the next of them again.</summary>
    [ThreadStatic]
    private static Dictionary<ulong, int>? s_places;

    private static void Count(Person person, List<Counted> into, bool isOpens)
    {
        var sends = s_places ??= [];
        foreach (var fact in person.Facts)
        {
            if (fact.Kind == FactKind.Send && !(isOpens && fact.Values[Dimensions.Channel] != "email") && sends.TryAdd(fact.Subject, into.Count))
            {
                into.Add(new(fact.At, fact.Values));
            }
        }

        if (sends.Count == 0)
        {
            return;
        }

        var isAnyBounced = false;
        foreach (var fact in person.Facts)
        {
            if (fact.Kind is FactKind.Bounce or FactKind.Touch && sends.TryGetValue(fact.Subject, out var place))
            {
                isAnyBounced |= fact.Kind == FactKind.Bounce;
                Hear(fact, ref CollectionsMarshal.AsSpan(into)[place], isOpens);
            }
        }

        if (isAnyBounced)
        {
            into.RemoveAll(send => send.Apart == Bounced);
        }

        if (sends.Count > MostPlaces)
        {
            s_places = null;
        }
        else
        {
            sends.Clear();
        }
    }

    private static void Hear(in KnownFact fact, ref Counted send, bool isOpens)
    {
        if (fact.Kind == FactKind.Bounce)
        {
            send = send with { Apart = Bounced };
            return;
        }

        if (fact.At - send.At > Window || (!isOpens && fact.Values[Dimensions.Act] != "click"))
        {
            return;
        }

        // Who clicks has read: also where pictures are not loaded.
        var (isHuman, isProxy) = (fact.Values[Dimensions.By] == "human", isOpens && fact.Values[Dimensions.By] == "proxy");
        var apart = send.Apart == Bounced ? Bounced : isHuman || send.Is || !(isProxy || send.Apart == Unmeasured) ? null : Unmeasured;
        send = send with { Apart = apart, IsRaw = true, Is = send.Is || isHuman, ActAt = !isHuman || (send.Is && send.ActAt <= fact.At) ? send.ActAt : fact.At };
    }
}
