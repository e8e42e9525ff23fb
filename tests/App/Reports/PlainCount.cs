namespace LeadFunctions.Tests.Reports;

/// <summary>
/// Every figure again, from what is told of each person, with none of the product's code: as somebody would count with pencil and paper. Each answer is a list of (moment of the whole, is it of the part).
/// </summary>
internal static partial class PlainCount
{
    private static readonly string[] Open = ["subscriber", "lead", "mql", "sal", "sql"];

    public static List<(DateTimeOffset At, bool Is)> Of(string metric, List<Told> told)
    {
        if (told.Where(one => one.What == "internal").OrderBy(one => one.At).LastOrDefault() is { Yes: true })
        {
            return [];
        }

        var stages = told.Where(one => one.What == "stage").OrderBy(one => one.At).ToList();
        var handOvers = HandOvers(stages);
        DateTimeOffset? became = NewSince(told);
        return metric switch
        {
            "new-leads" => became is { } at ? [(at, true)] : [],
            "reopened" => Reopened(told),
            "mqls" => [.. handOvers.Select(pass => (pass[0].At, true))],
            "ready-on-arrival" => became is { } at ? [(at, handOvers.Any(pass => pass[0].At <= at.AddHours(24)))] : [],
            "rejected" => [.. handOvers.Select(pass => (pass[0].At, Rejected(pass))).Where(pass => pass.Item2 is not null).Select(pass => (pass.At, pass.Item2!.Value))],
            "handover-conversion" => [.. handOvers.Select(pass => (pass[0].At, pass.Any(one => one.Stage == "customer")))],
            "lead-conversion" => became is { } at ? [(at, stages.Any(one => one.Stage == "customer"))] : [],
            "win-share" => Deals(stages),
            "open-rate" => Messages(told, mailOnly: true, ["Message Opened", "Message Clicked"]),
            "ctr" => Messages(told, mailOnly: false, ["Message Clicked"]),
            _ => throw new ArgumentException($"Nobody counts {metric}."),
        };
    }

    /// <summary>Of hand-overs, how each came about.</summary>
    public static List<(string Cause, bool Is)> OfCause(string metric, List<Told> told)
    {
        if (Of("mqls", told).Count == 0)
        {
            return [];
        }

        var passes = HandOvers(told.Where(one => one.What == "stage").OrderBy(one => one.At).ToList());
        return metric switch
        {
            "mqls" => passes.ConvertAll(pass => (pass[0].Cause, true)),
            "handover-conversion" => passes.ConvertAll(pass => (pass[0].Cause, pass.Any(one => one.Stage == "customer"))),
            _ => [.. passes.Where(pass => Rejected(pass) is not null).Select(pass => (pass[0].Cause, Rejected(pass)!.Value))],
        };
    }

    /// <summary>Of a share for each stage: whether they came there, or beyond, within a year.</summary>
    public static List<(DateTimeOffset At, bool Is)> Funnel(string stage, List<Told> told)
    {
        string[] beyond = [.. ((string[])["mql", "sal", "sql", "customer"]).SkipWhile(one => one != stage)];
        return Of("new-leads", told) is [var began]
            ? [(began.At, told.Any(one => beyond.Contains(one.Stage) && one.At <= began.At.AddDays(365)))]
            : [];
    }

    /// <summary>Of each new lead the days until it came to a stage, or beyond.</summary>
    public static List<(double Number, bool IsOpen)> DaysTo(string stage, List<Told> told, DateTimeOffset now)
    {
        string[] beyond = [.. ((string[])["mql", "sal", "sql", "customer"]).SkipWhile(one => one != stage)];
        var came = told.Where(one => beyond.Contains(one.Stage)).Select(one => one.At).Order().Cast<DateTimeOffset?>().FirstOrDefault();
        return [.. Of("new-leads", told).Select(began => (Math.Max(0, ((came ?? now) - began.At).TotalDays), came is null))];
    }

    /// <summary>Of a median: the numbers, and whether each is only known to be more.</summary>
    public static List<(double Number, bool IsOpen)> Numbers(string metric, List<Told> told, DateTimeOffset now)
    {
        var stages = told.Where(one => one.What == "stage").OrderBy(one => one.At).ToList();
        if (Of("new-leads", told) is var began && metric == "cycle")
        {
            var won = stages.FirstOrDefault(one => one.Stage == "customer");
            return [.. began.Select(one => won is null ? ((now - one.At).TotalDays, true) : (Math.Max(0, (won.At - one.At).TotalDays), false))];
        }

        if (Of("mqls", told).Count == 0)
        {
            return [];
        }

        var passes = HandOvers(stages);
        if (metric == "mql-cycle")
        {
            return [.. passes.Select(pass => pass.Find(one => one.Stage == "customer") is { } won ? ((won.At - pass[0].At).TotalDays, false) : ((now - pass[0].At).TotalDays, true))];
        }

        var bounced = told.Where(one => one.What == "Message Bounced" && one.Kind == "hard").Select(one => one.Send).ToHashSet();
        var touches = told.Where(one => (one.What == "sent" && !bounced.Contains(one.Send)) || one.What is "Message Opened" or "Message Clicked").ToList();
        return [.. passes.Select((pass, i) => ((double)touches.Count(one => one.At < pass[0].At && (i == 0 || one.At >= passes[i - 1][0].At)), false))];
    }

    /// <summary>The first number at which so many of all are below, of those whose number is not known as many as of the others.</summary>
    public static double? Quantile(List<(double Number, bool IsOpen)> all, double above)
    {
        var share = 1.0;
        foreach (var number in all.Where(one => !one.IsOpen).Select(one => one.Number).Distinct().Order())
        {
            share *= 1 - ((double)all.Count(one => one.Number == number && !one.IsOpen) / all.Count(one => one.Number >= number));
            if (share <= above + 1e-9)
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>The stages of each pass, from the hand-over on.</summary>
    private static List<List<Told>> HandOvers(List<Told> stages)
    {
        var passes = new List<List<Told>>();
        for (var i = 0; i < stages.Count;)
        {
            if (stages[i].Stage is not ("mql" or "sal" or "sql"))
            {
                i++;
                continue;
            }

            var end = stages.FindIndex(i, one => one.Stage is "recycled" or "churned");
            var pass = stages[i..(end < 0 ? stages.Count : end + 1)];
            var back = pass.FindIndex(one => one.Stage is "lead" or "subscriber");
            if (back > 0 && pass[back].At - pass[0].At <= TimeSpan.FromHours(24) && pass.Take(back).All(one => one.Stage == "mql" || (one.Stage == "disqualified" && one.Cause == "rule")))
            {
                i += back + 1; // it was none
                continue;
            }

            passes.Add(pass);
            i += pass.Count;
        }

        return passes;
    }

    private static bool? Rejected(List<Told> pass)
    {
        foreach (var one in pass)
        {
            if (one.Stage is "sal" or "sql" or "customer" || one.Outcome == "lost")
            {
                return false;
            }

            if (one.Stage is "recycled" or "disqualified" && one.Cause != "rule")
            {
                return true;
            }
        }

        return null;
    }

    private static List<(DateTimeOffset, bool)> Deals(List<Told> stages)
    {
        var closings = stages.Select((one, i) => (one, i)).Where(at => at.one.Stage == "customer" || at.one.Outcome == "lost").ToList();
        return
        [
            // The last of each row of closings between which nobody worked on the lead.
            .. closings.Where((closing, n) => n == closings.Count - 1 || stages[(closing.i + 1)..closings[n + 1].i].Any(one => Open.Contains(one.Stage) || one.Stage == "churned")).Select(closing => (closing.one.At, closing.one.Stage == "customer")),
        ];
    }

    private static List<(DateTimeOffset, bool)> Messages(List<Told> told, bool mailOnly, string[] acts) =>
    [
        .. told.Where(one => one.What == "sent" && (!mailOnly || one.Channel == "email") && !told.Any(other => other.What == "Message Bounced" && other.Send == one.Send && other.Kind == "hard"))
            .Select(sent => (Sent: sent, Later: told.Where(other => other.Send == sent.Send && other.At - sent.At <= TimeSpan.FromDays(30)).ToList()))
            .Select(mail => (mail.Sent.At, Is: mail.Later.Any(one => acts.Contains(one.What)), IsHidden: mailOnly && mail.Later.Any(one => one.Kind == "proxy")))
            .Where(mail => mail.Is || !mail.IsHidden).Select(mail => (mail.At, mail.Is)),
    ];

    /// <summary>The earliest moment that somebody who was told one thing after the other would have noted for "now we may write to them", of either lead.</summary>
    private static DateTimeOffset? NewSince(List<Told> told)
    {
        if (told.Concat(told.SelectMany(one => one.Leaves)).Any(one => one.IsSuppressed))
        {
            return null;
        }

        var noted = new List<DateTimeOffset>();
        var before = (First: false, Second: false);
        var (leaves, all) = (told.Find(one => one.What == "parted")?.Leaves ?? [], told.Where(one => one.What is not ("parted" or "freed")).ToList());
        for (var i = 1; i <= all.Count; i++)
        {
            var areOne = all.Take(i).Any(one => one.What == "joined");
            var first = May([.. all.Take(i).Where(one => areOne || !one.AsSecond), .. areOne ? leaves : []]);
            var second = areOne ? null : May(all.Take(i).Where(one => one.AsSecond).ToList());
            noted.AddRange(first is { } one && !before.First ? [one] : []);
            noted.AddRange(second is { } other && !before.Second ? [other] : []);
            before = (first is not null, second is not null);
        }

        // Who is let go is looked at again, and so is who lets go.
        noted.AddRange((told.Count > all.Count && (told[^1].What == "freed" || May([.. all, .. leaves]) is null) ? May(all) : null) is { } alone ? [alone] : []);
        return noted.Count == 0 ? null : noted.Min();
    }

    private static DateTimeOffset? May(List<Told> heard)
    {
        var (address, answer, ours) = (Last(heard, "address"), Last(heard, "consent"), Last(heard, "internal"));
        return address is null || answer is not { Yes: true } || ours is { Yes: true } ? null : address.At > answer.At ? address.At : answer.At;
    }

    private static Told? Last(List<Told> heard, string what) => heard.Where(one => one.What == what).MaxBy(one => one.At);
}
