using System.Runtime.InteropServices;

namespace LeadFunctions.Reports.Metrics;

/// <summary>What became of the messages to a person.</summary>
internal static class Sends
{
    /// <summary>What is done with a message later counts no more.</summary>
    public const long Window = 30L * 24 * 60 * 60 * 1000;

    /// <summary>More are not kept in hand for the next person: emptying them would take longer than making them.</summary>
    private const int MostPlaces = 256;

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
            into.RemoveAll(send => send.IsPending);
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

    /// <param name="send">Pending once it has bounced, until it is taken out.</param>
    private static void Hear(in KnownFact fact, ref Counted send, bool isOpens)
    {
        if (fact.Kind == FactKind.Bounce)
        {
            send = send with { IsPending = true };
            return;
        }

        if (fact.At - send.At > Window || (!isOpens && fact.Values[Dimensions.Act] != "click"))
        {
            return;
        }

        // Who clicks has read: also where pictures are not loaded.
        var isHuman = fact.Values[Dimensions.By] == "human";
        send = send with { IsRaw = true, Is = send.Is || isHuman, ActAt = !isHuman || (send.Is && send.ActAt <= fact.At) ? send.ActAt : fact.At };
    }
}
