using LeadFunctions.Lifecycle;
using static LeadFunctions.Reports.Dimensions;

namespace LeadFunctions.Reports.Metrics;

/// <summary>Every metric that there is. What people read of them (<c>docs/metrics.md</c>, the API) is made of this.</summary>
internal static class AllMetrics
{
    private const long Day = 24L * 60 * 60 * 1000;
    private const long Month = 30 * Day;

    private static readonly Apart Pending = new("pending", "Nobody has accepted or rejected these yet.");
    private static readonly Apart Expired = new("expired", "Nobody accepted or rejected these in the time that the lifecycle gives for it, nor since.");
    private static readonly Apart StillOpen = new("pending", "These are still open: they count as not won so far.");

    private static readonly IReadOnlyList<string> OfMessages = [.. OfPeople, Channel, Template, Topic, Journey, Step, Campaign];

    public static readonly IReadOnlyList<Metric> List =
    [
        new("new-leads", 2, "New leads", MetricUnit.Count,
            "People who became eligible for active marketing in the period: an address is known to which something is sent, and they have agreed to be written to.",
            "Each person counts once, ever: when they were eligible first. Of people who were merged the earlier moment counts. A workspace that writes to all who have not refused needs no agreement. Whose address was suppressed then (it bounced or complained, or somebody here said so) does not count, and not by its being lifted later; of imported people that is not asked. The moment is when the last of what it takes was said, of what was known as it was complete: what is told later of an earlier time changes nothing, and taking a merge back does not either. People of our own and for tests (the traits internal and test) are left out; people who were imported too, unless origin says otherwise.",
            OfPeople, null, HasOrigin: true, CountNew),
        new("reopened", 2, "Reopened leads", MetricUnit.Count,
            "Leads that were recycled, or known and not ready, had earned no points for 30 days or more, and then earned 10 or more within 7 days in the period.",
            "At the moment of the tenth point; once in 30 days for a person. Not ready is who is in none of the stages from mql on. Points that a journey or a person gave count for nothing, and what machines do with messages earns none. Who had never earned a point is new, and not reopened. What comes late may reopen a lead at its own time, and takes nothing back.",
            OfPeople, null, HasOrigin: false, CountReopened),
        new("mqls", 1, "MQLs", MetricUnit.Count,
            "Leads that became marketing qualified in the period: the first entry to the stage mql on each pass.",
            "A pass ends when the lead is recycled or has churned; who comes back then counts again. Who gets to sal or sql without having been mql counts as well. Who falls back to lead or subscriber within 24 hours, before sales has accepted, is withdrawn. By rule, journey or hand: cause says which.",
            [.. OfPeople, Cause, Journey], TimeSpan.FromDays(1), HasOrigin: false, CountMqls),
        new("ready-on-arrival", 1, "Ready on arrival", MetricUnit.Share,
            "New leads that were MQLs within 24 hours of becoming eligible, out of all new leads, by the day on which they became eligible.",
            "New leads as above; who was an MQL before they were eligible was ready.",
            OfPeople, TimeSpan.FromDays(1), HasOrigin: true, CountReady),
        new("rejected", 3, "Rejected by sales", MetricUnit.Share,
            "Hand-overs that sales rejected, out of those that it accepted or rejected, by the day of the hand-over.",
            "A hand-over is an MQL as above. Accepted: the lead came to sal, sql or customer, or was lost afterwards. Rejected: somebody sent it back or disqualified it before. What nobody has decided is said apart: as expired when the time that the lifecycle gives for it (sla) was over first, else as pending; what a rule sent back in time is none of these. By reason, each row is the rejections for it out of all that were decided; whatever else it is cut by is as it was at the hand-over.",
            [.. OfPeople, Reason, Cause], null, HasOrigin: false, CountRejected) { Bases = [Basis.Cohort, Basis.Activity], Apart = [Pending, Expired], IsLessBetter = true, OfPart = Reason },
        new("handover-conversion", 1, "Won of those handed over", MetricUnit.Share,
            "Hand-overs that became customers, out of all hand-overs, by the day of the hand-over.",
            "A hand-over is an MQL as above; it is won when the lead comes to the stage customer in the same pass. One that is still open counts as not won, and is said apart as pending.",
            [.. OfPeople, Cause], null, HasOrigin: false, CountHandedOver) { Bases = [Basis.Cohort, Basis.Activity], Apart = [StillOpen] },
        new("lead-conversion", 1, "Won of all new leads", MetricUnit.Share,
            "New leads that became customers, out of all new leads, by the day on which they became eligible.",
            "New leads as above; a person is won once, when they come to the stage customer first.",
            OfPeople, null, HasOrigin: true, CountConverted) { Bases = [Basis.Cohort, Basis.Activity] },
        new("win-share", 2, "Win share", MetricUnit.Share,
            "Deals that were won, out of deals that were closed in the period.",
            "The unit is the deal: won when the lead comes to the stage customer, lost when somebody says so. A deal that is closed again before the lead is worked on anew, or has churned, is as it was closed last, and at that moment: deals have no names here.",
            [.. OfPeople, Reason, Currency], null, HasOrigin: false, CountDeals),
        new("open-rate", 2, "Open rate", MetricUnit.Share,
            "Mails that a person opened or clicked in within 30 days, out of mails that were delivered and can be measured, by the day on which they went out.",
            "Each mail counts at most once, however often it is opened. Delivered is what did not come back for good. Who clicks has read. A mail that a privacy proxy loaded, and with which the reader did nothing else, cannot be measured: it is said apart, and measurable is the share of the others. Opens mislead all the same (pictures that are not loaded, programs that load them all): raw is the figure with machines and of all mails, and clicks are the better one. The link to unsubscribe counts for nothing.",
            OfMessages, TimeSpan.FromMilliseconds(Sends.Window), HasOrigin: false, Sends.CountOpens) { Bases = [Basis.Cohort, Basis.Activity], HasRaw = true, Apart = [Sends.Unmeasured] },
        new("ctr", 1, "Click-through rate", MetricUnit.Share,
            "Messages in which a person clicked within 30 days, out of messages that were delivered, by the day on which they went out.",
            "Each message counts at most once. Delivered is what did not come back for good. Raw is the figure with machines. The link to unsubscribe counts for nothing.",
            OfMessages, TimeSpan.FromMilliseconds(Sends.Window), HasOrigin: false, Sends.CountClicks) { Bases = [Basis.Cohort, Basis.Activity], HasRaw = true },
        new("cost-per-mql", 2, "Cost per MQL", MetricUnit.Cost,
            "What was spent, as costs say, evenly by day, for each MQL of the same days.",
            "MQLs as above. A cost may name the source, the first campaign or the journey whose MQLs it was for: then it is theirs in a report by that, and else on a line of its own, (unallocated). revenue is the amount of deals won in the same days, and revenuePerCost how often it comes to the cost; they are null where deals are in another currency. Without an MQL the cost of one is null, and so it is when the range has costs in several currencies: they are not mixed.",
            [.. Cost.Targets], TimeSpan.FromDays(1), HasOrigin: false, CountSpending) { Measure = "money", IsLessBetter = true },
        new("funnel", 1, "Funnel", MetricUnit.Share,
            "New leads that came to each stage or one beyond it within a year, out of all new leads, by the day on which they became eligible.",
            "New leads as above. The stages are mql, sal, sql and customer; one that was skipped counts as passed. What came before somebody was eligible counts too.",
            [.. OfPeople, Dimensions.Stage], TimeSpan.FromMilliseconds(Ways.Window), HasOrigin: true, Ways.CountStages) { Each = Dimensions.Stage },
        new("stage-time", 1, "Time to each stage", MetricUnit.Median,
            "Days from becoming eligible until each stage, or one beyond it: the median of all new leads that began in the period.",
            "After Kaplan and Meier: who has not come there counts for as long as they have been on the way. So it is null while fewer than half are expected to come there. Who was there before they were eligible took no days.",
            [.. OfPeople, Dimensions.Stage], null, HasOrigin: true, Ways.CountTimes) { Each = Dimensions.Stage, Measure = "days", IsLessBetter = true },
        new("cycle", 1, "Sales cycle", MetricUnit.Median,
            "Days from becoming eligible until the lead became a customer: the median of all new leads that began in the period.",
            "As the time to each stage: who has not bought counts for as long as they have been on the way.",
            OfPeople, null, HasOrigin: true, CountConverted) { Measure = "days", IsLessBetter = true },
        new("mql-cycle", 1, "From hand-over to customer", MetricUnit.Median,
            "Days from the hand-over until the lead became a customer: the median of all hand-overs of the period.",
            "A hand-over is an MQL as above. One that is not won counts for as long as it has been on the way, and so does one that was sent back.",
            [.. OfPeople, Cause], null, HasOrigin: false, Ways.CountHandOvers) { Measure = "days", IsLessBetter = true },
        new("touches", 2, "Touches before the hand-over or the deal", MetricUnit.Median,
            "Messages that were delivered to a lead, and opens and clicks of people, before the hand-over: the median of all hand-overs of the period. With before=customer, before it became a customer.",
            "A hand-over is an MQL as above. Only what was since the hand-over (or the deal) before, where there was one. What machines did is none; of a message that somebody opened and clicked in both count.",
            [.. OfPeople, Cause], null, HasOrigin: false, Nothing)
        {
            Measure = "touches",
            IsLessBetter = true,
            Prepare = Ways.PrepareTouches,
            Options = [new(Ways.Before, [Stages.Mql, Stages.Customer], "until the hand-over, or until it was won")],
        },
        new("leaks", 1, "Leaks of the funnel", MetricUnit.Share,
            "New leads that are lost before a stage, out of all who came to the one before it (of mql: of all new leads), by the day on which they became eligible.",
            "Lost is who stands aside now (recycled, disqualified, churned), or has been silent for more than twice as long as half of those take who come to the stage from the one before, after Kaplan and Meier over all leads. Silent: no click or open of a person, form, call, meeting, note, and no stage that somebody chose. Where fewer than half are expected to come to a stage, nobody is lost by being silent.",
            [.. OfPeople, Dimensions.Stage], null, HasOrigin: true, Nothing)
        {
            Each = Dimensions.Stage,
            IsLessBetter = true,
            Prepare = Leaks.Prepare,
            Options = [new(Leaks.How, [Leaks.All, Leaks.Aside, Leaks.Silent], "only those lost in one way")],
        },
        new("score-profile", 1, "Score profile of new leads", MetricUnit.Count,
            "New leads of a month by how they stood at its last instant: engagement in bands of ten points, and grade, by what was known and the model that was live as something happened to them last before it.",
            "New leads as above. What was noted stays as it is, whatever is published or comes late afterwards: it is noted by the first thing that happens to a lead after the month, its erasure included. The month that is not over is shown so far. With model=today everybody is shown as they stand now.",
            [.. OfPeople, Band], null, HasOrigin: true, Nothing)
        {
            UsualBy = $"{Band},{Grade}",
            AsksStanding = true,
            Apart = [ScoreProfile.Unnoted],
            Prepare = ScoreProfile.Prepare,
            Options = [new(Model, [ScoreProfile.Then, ScoreProfile.Today], "as of the month's end, or as they stand now")],
        },
        new("contribution", 1, "Contribution", MetricUnit.Credit,
            "What people did in the 90 days before they became MQLs, or came further, or bought: how much of that is put down to each journey, step, template, campaign, form, or rule.",
            "A touch is a click of a person in a message, a form, a call, a meeting or a note; a message that nobody clicked in is none, and an open may be a program's. With model=last all goes to the last touch, with linear the same to each: both add up to all outcomes, with those that nothing led to as (none). With influenced each touch has all of it, so that rows overlap. By rule: its share of the decayed points at the moment at which the lead became an MQL by itself; needed says how many would not have become one then without that rule. By message, difference is how many more of those who were sent it in the period came there within 90 days than of those who were only sent other things, with an interval of 95 %; isWithoutEffect marks what shows no sign of doing anything. What stood before an outcome need not have caused it: only lift says that.",
            [.. OfPeople, .. Contribution.Credited, Currency], null, HasOrigin: false, Nothing)
        {
            UsualBy = Journey,
            Measure = "outcomes",
            Prepare = Contribution.Prepare,
            Options =
            [
                new(Contribution.Outcome, ["mql", "sal", "sql", "customer", Contribution.Revenue], "what was reached; revenue is the amount of deals won, in one currency"),
                new(Model, [Contribution.Last, Contribution.Linear, Contribution.Influenced], "to which touches it goes"),
            ],
        },
        new("forecast", 1, "Forecast", MetricUnit.Expected,
            "How many of the leads that are open now are expected to become customers until the end of the range.",
            "Each counts with the share of those who became customers in as long a time, among all who were in the same stage for as long once, long enough ago to know. The interval holds 80 of 100 times, if things go on as they did. Null while fewer than 30 have become customers among those who began so long ago. Times the median of the last year's deals it is money. past is what the same forecast would have said before, and what came.",
            [.. OfPeople, Dimensions.Stage], null, HasOrigin: true, Nothing)
        {
            UsualBy = Dimensions.Stage,
            IsAhead = true,
            Measure = "customers",
            Apart = [Forecast.Untried],
            Prepare = Forecast.Prepare,
        },
    ];

    /// <summary>Null when there is none of this name.</summary>
    public static Metric? Find(string id) => List.FirstOrDefault(metric => metric.Id == id);

    internal static KnownFact? FindNew(Person person)
    {
        foreach (var fact in person.Facts)
        {
            if (fact.Kind == FactKind.Eligible && fact.Values[Suppressed] is null)
            {
                return fact; // they are in order
            }
        }

        return null;
    }

    /// <summary>Of those that are prepared.</summary>
    private static void Nothing(Person person, List<Counted> into)
    {
    }

    private static void CountNew(Person person, List<Counted> into)
    {
        if (FindNew(person) is { } fact)
        {
            into.Add(new(fact.At, fact.Values) { Is = true });
        }
    }

    private static void CountReopened(Person person, List<Counted> into)
    {
        var last = long.MinValue / 2;
        foreach (var fact in person.Facts)
        {
            if (fact.Kind == FactKind.Reopened && fact.At - last >= Month)
            {
                into.Add(new(fact.At, fact.Values) { Is = true });
                last = fact.At;
            }
        }
    }

    private static void CountMqls(Person person, List<Counted> into)
    {
        foreach (var pass in Passes.Of(person))
        {
            into.Add(new(pass.HandedOver.At, pass.HandedOver.Values) { Is = true });
        }
    }

    /// <summary>MQLs, for each of which something was spent, and what deals brought in.</summary>
    private static void CountSpending(Person person, List<Counted> into)
    {
        CountMqls(person, into);
        var handedOver = into.Count;
        foreach (var deal in Passes.Deals(person))
        {
            if (deal is { IsWon: true, Closed.Number: > 0 and var amount })
            {
                var led = into.FindLastIndex(handedOver - 1, handedOver, mql => mql.At <= deal.Closed.At);
                into.Add(new(deal.Closed.At, led < 0 ? deal.Closed.Values : into[led].Values) { Revenue = amount, Currency = deal.Closed.Values[Currency] });
            }
        }
    }

    private static void CountReady(Person person, List<Counted> into)
    {
        if (FindNew(person) is { } fact)
        {
            into.Add(new(fact.At, fact.Values) { Is = Passes.Of(person).Any(pass => pass.HandedOver.At <= fact.At + Day) });
        }
    }

    private static void CountRejected(Person person, List<Counted> into)
    {
        foreach (var pass in Passes.Of(person))
        {
            if (pass.IsAccepted is { } isAccepted)
            {
                into.Add(new(pass.HandedOver.At, pass.HandedOver.Values) { Is = !isAccepted, ActAt = pass.Decided.At, ActValues = isAccepted || pass.Decided.Values[Reason] is not { } reason ? null : FactValues.Of(Reason, reason) });
            }
            else if (pass.IsExpired || !pass.IsOver)
            {
                into.Add(new(pass.HandedOver.At, pass.HandedOver.Values) { Apart = pass.IsExpired ? Expired : Pending });
            }
        }
    }

    private static void CountHandedOver(Person person, List<Counted> into)
    {
        foreach (var pass in Passes.Of(person))
        {
            into.Add(new(pass.HandedOver.At, pass.HandedOver.Values) { Is = pass.WonAt is not null, ActAt = pass.WonAt ?? 0 });
            if (pass.WonAt is null && !pass.IsOver)
            {
                into.Add(new(pass.HandedOver.At, pass.HandedOver.Values) { Apart = StillOpen });
            }
        }
    }

    private static void CountConverted(Person person, List<Counted> into)
    {
        if (FindNew(person) is not { } fact)
        {
            return;
        }

        long? wonAt = null;
        foreach (var other in person.Facts)
        {
            wonAt ??= other.Kind == FactKind.Stage && Passes.IsWon(other) ? other.At : null;
        }

        into.Add(new(fact.At, fact.Values) { Is = wonAt is not null, ActAt = wonAt ?? 0 });
    }

    private static void CountDeals(Person person, List<Counted> into)
    {
        foreach (var deal in Passes.Deals(person))
        {
            into.Add(new(deal.Closed.At, deal.Closed.Values) { Is = deal.IsWon });
        }
    }
}
