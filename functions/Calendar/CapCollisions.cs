using LeadFunctions.Messaging;

namespace LeadFunctions.Calendar;

/// <summary>When somebody would get more than the workspace's caps allow.</summary>
internal static class CapCollisions
{
    /// <summary>Expected messages that are one too many: in order, each beside those that went out and those that are expected before it, held back or not.</summary>
    /// <param name="expected">Of one person.</param>
    /// <param name="sent">By channel, when messages went out to them: Unix ms.</param>
    public static IEnumerable<ExpectedSend> Of(IReadOnlyList<ExpectedSend> expected, IReadOnlyDictionary<string, IReadOnlyList<long>> sent, IReadOnlyList<MessageCap> caps)
    {
        var all = expected.OrderBy(send => send.At).ToList();
        for (var i = 0; i < all.Count; i++)
        {
            var send = all[i];
            if (!send.IsUrgent && caps.Any(cap => (cap.Channel is null || cap.Channel == send.Channel) && Before(cap, send, i) >= cap.Max))
            {
                yield return send;
            }
        }

        int Before(MessageCap cap, ExpectedSend send, int place)
        {
            var (from, to) = ((send.At - cap.Per.Length).ToUnixTimeMilliseconds(), send.At.ToUnixTimeMilliseconds());
            return all.Take(place).Count(other => (cap.Channel is null || other.Channel == cap.Channel) && other.At.ToUnixTimeMilliseconds() > from)
                + sent.Where(channel => cap.Channel is null || channel.Key == cap.Channel).Sum(channel => channel.Value.Count(at => at > from && at <= to));
        }
    }
}
