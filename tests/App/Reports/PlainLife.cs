using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Tests.Reports;

/// <summary>A person over some months, perhaps twice in the books for a while: what they do, when it is heard of, and how somebody who keeps the books on paper would say they stood at a moment.</summary>
internal sealed class PlainLife
{
    /// <summary>Clocks change and months end within it.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 28, 0, 0, 0, TimeSpan.Zero);

    private readonly int _number;
    private readonly bool _otherStays;

    public PlainLife(int number, Random random)
    {
        _number = number;
        var isTwo = number % 3 == 0;
        _otherStays = isTwo && random.Next(2) == 0;
        var ids = 0;
        foreach (var byOther in isTwo ? (bool[])[false, true] : [false])
        {
            var begins = Begin(random);
            Add("known", begins, random.Next(6) == 0 ? begins.AddDays(random.NextDouble() * 12) : begins, byOther);
            for (var i = random.Next(9); i > 0; i--)
            {
                Later(random.Next(4) == 0 ? "moves" : "visit", byOther, begins);
            }
        }

        if (isTwo)
        {
            // Both are known by then.
            var joined = Moves.Max(move => move.What == "known" ? move.Arrives : Start).AddDays(1 + (random.NextDouble() * 30));
            Add("joined", joined, joined, _otherStays);
            if (number % 6 == 0)
            {
                var parted = joined.AddDays(random.NextDouble() * 40);
                Add("parted", parted, parted, _otherStays);
            }
        }
        else if (number % 7 == 1)
        {
            var erased = Moves.Max(move => move.Arrives).AddDays(random.NextDouble() * 50);
            Add("erased", erased, erased, false);
        }

        foreach (var move in Moves.Where(move => move.What is "visit" or "moves" && random.Next(6) == 0).ToList())
        {
            Moves.Add(move with { Arrives = move.Arrives.AddDays(random.NextDouble() * 8), IsAgain = true });
        }

        if (Moves.FirstOrDefault(move => move.What == "erased") is { } end)
        {
            Moves.RemoveAll(move => move.Arrives > end.Arrives); // who comes back is somebody else
        }

        void Later(string what, bool byOther, DateTimeOffset begins)
        {
            var at = Turn(random, begins);
            Add(what, at, random.Next(4) == 0 ? at.AddDays(random.NextDouble() * 25) : at, byOther);
        }

        void Add(string what, DateTimeOffset at, DateTimeOffset arrives, bool byOther)
        {
            // Nobody is heard of before they are known, and nothing at the very moment of something else.
            var known = Moves.Find(move => move.What == "known" && move.ByOther == byOther)?.Arrives ?? DateTimeOffset.MinValue;
            var heard = arrives > known ? arrives : known.AddMinutes(1);
            while (Moves.Exists(move => move.Arrives == heard || move.At == at))
            {
                (heard, at) = (heard.AddSeconds(1), at.AddMilliseconds(1));
            }

            Moves.Add(new(what, at, heard < at ? at : heard, byOther, $"l{number}.{ids++}") { IsAtHome = random.Next(2) == 0 });
        }
    }

    public List<Move> Moves { get; } = [];

    public string Id(bool ofOther) => Identity.User(User(ofOther)).Hash();

    public static string Band(double points) => $"{(int)points / 10 * 10:000}-{((int)points / 10 * 10) + 9:000}";

    public IReadOnlyList<LeadEvent> EventOf(Move move)
    {
        var (stays, leaves) = (Id(_otherStays), Id(!_otherStays));
        return move.What switch
        {
            "joined" => [Merges.FreezeByHand(leaves, stays, move.Id, move.At)],
            "parted" => [Merges.LetGo(stays, leaves, move.Id, move.At)],
            "known" =>
            [
                new() { Id = move.Id, Type = EventType.Identify, Name = "identify", At = move.At, UserId = User(move.ByOther), Traits = Json(new { email = $"{User(move.ByOther)}@example.com", country = move.IsAtHome ? "SI" : "US" }) },
                new() { Id = move.Id + "c", Type = EventType.Track, Name = "Consent Changed", At = move.At, UserId = User(move.ByOther), Properties = Json(new { marketing = true }) },
            ],
            "moves" => [new() { Id = move.Id, Type = EventType.Identify, Name = "identify", At = move.At, UserId = User(move.ByOther), Traits = Json(new { country = move.IsAtHome ? "SI" : "US" }) }],
            _ => [new() { Id = move.Id, Type = EventType.Track, Name = "Visited", At = move.At, UserId = User(move.ByOther) }],
        };
    }

    /// <summary>Who they are to somebody who knows what was heard of before a moment: one person, or two.</summary>
    public IEnumerable<Seen> People(DateTimeOffset now)
    {
        var heard = Moves.Where(move => move.Arrives < now && !move.IsAgain).ToList();
        var (isJoined, isParted) = (heard.Exists(move => move.What == "joined"), heard.Exists(move => move.What == "parted"));
        var own = ((bool[])[false, true]).Where(other => heard.Exists(move => move.What == "known" && move.ByOther == other)).ToList();
        return isJoined && !isParted ? [new Seen(this, own, _otherStays, now)] : own.Select(other => new Seen(this, [other], other, now));
    }

    private string User(bool ofOther) => ofOther ? $"b{_number}" : $"a{_number}";

    /// <summary>Often just when a month ends.</summary>
    private static DateTimeOffset Turn(Random random, DateTimeOffset begins) => random.Next(5) == 0
        ? DateTimeOffset.Parse(((string[])["2026-02-28T23:00Z", "2026-03-31T22:00Z", "2026-04-30T22:00Z"])[random.Next(3)], System.Globalization.CultureInfo.InvariantCulture) is var turn && turn.AddMinutes(random.Next(-90, 90)) is var at && at > begins ? at : begins.AddHours(1)
        : begins.AddMinutes(random.Next(60 * 24 * 60));

    private static DateTimeOffset Begin(Random random) => Start.AddMinutes(random.Next(60 * 24 * 85));

    private static JsonElement Json(object value) => JsonSerializer.SerializeToElement(value);

    /// <summary>Of visits (when they were, and when somebody heard of them) and of whether they are of the home market, judged last at some moment.</summary>
    public delegate (double Points, string Grade) Judge(IEnumerable<(DateTimeOffset At, DateTimeOffset Heard)> visits, bool isAtHome, DateTimeOffset judged, DateTimeOffset at);

    /// <param name="ByOther">As whom of the two they are in the books as.</param>
    internal sealed record Move(string What, DateTimeOffset At, DateTimeOffset Arrives, bool ByOther, string Id)
    {
        public bool IsAtHome { get; init; }

        /// <summary>It was heard of before.</summary>
        public bool IsAgain { get; init; }
    }

    /// <summary>A person, by what was heard of before a moment.</summary>
    /// <param name="leads">As whom they were in the books.</param>
    /// <param name="isOther">As whom they are.</param>
    internal sealed class Seen(PlainLife life, IReadOnlyList<bool> leads, bool isOther, DateTimeOffset now)
    {
        public DateTimeOffset NewAt => life.Moves.Where(move => move.What == "known" && leads.Contains(move.ByOther) && move.Arrives < now).Min(move => move.At);

        /// <summary>Null: nobody who kept the books could have said.</summary>
        /// <param name="isNow">Only who is still there stands anywhere.</param>
        public (double Points, string Grade)? StandsAt(DateTimeOffset at, bool isNow, Judge standing)
        {
            var heard = life.Moves.Where(move => move.Arrives <= at && move.Arrives < now && !move.IsAgain).OrderBy(move => move.Arrives).ToList();
            if (heard.Exists(move => move.What == "erased"))
            {
                return null;
            }

            (double Points, string Grade)? best = null;
            foreach (var lead in isNow ? [isOther] : leads)
            {
                var stood = StoodAs(lead, heard, at, standing);
                best = stood is null || (best is { } one && (one.Points > stood.Value.Points || (one.Points == stood.Value.Points && string.CompareOrdinal(one.Grade, stood.Value.Grade) <= 0))) ? best : stood;
            }

            return best;
        }

        private (double Points, string Grade)? StoodAs(bool lead, List<Move> heard, DateTimeOffset at, Judge standing)
        {
            var (joined, parted) = (heard.FindIndex(move => move.What == "joined"), heard.FindIndex(move => move.What == "parted"));
            var (stays, areOne) = (lead == life._otherStays, joined >= 0 && parted < 0);
            if (!heard.Exists(move => move.What == "known" && move.ByOther == lead) || (areOne && !stays))
            {
                return null;
            }

            // While the two are one, all of it goes to who stays, and what came then remains there.
            var own = heard.Where((move, i) => move.What is "known" or "visit" or "moves"
                && (joined >= 0 && i > joined && (parted < 0 || i < parted) ? stays : move.ByOther == lead || (areOne && stays))).ToList();
            var touched = heard.Where((move, i) => own.Contains(move) || move.What == "parted" || (move.What == "joined" && stays)).Max(move => move.Arrives);
            var isAtHome = own.Where(move => move.What is "known" or "moves").MaxBy(move => move.At)!.IsAtHome; // they are known
            return standing(own.Where(move => move.What == "visit").Select(move => (move.At, move.Arrives)), isAtHome, touched, at);
        }
    }
}
