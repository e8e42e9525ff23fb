using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Tests.Conventions;

/// <summary>The house has floors: nothing knows what is built on it (ADR 16).</summary>
public sealed partial class FloorsTests
{
    private const string Root = "LeadFunctions.";
    private const int FilesInARoom = 20;
    private const int PartsFloor = 3;

    /// <summary>Rooms, each a folder and a namespace, from the ground up. Who is to use what is here may stand beside it or above.</summary>
    private static readonly IReadOnlyList<IReadOnlyList<string>> Floors =
    [
        ["Platform", "Platform.Storage", "Platform.Http", "Platform.Definitions", "Platform.Outbound", "Platform.Hosting", "Clock"],
        ["Events", "Events.Queueing", "Events.Poison"],
        ["Conditions.Values", "Conditions.Documents", "Conditions"],
        ["Facts", "Lifecycle", "Segments", "Scoring", "Journeys.Model", "Journeys.Documents", "Journeys.Rules", "Integrations"],
        ["Leads.Identities", "Leads.State", "Leads.Listing", "Leads.Pipeline", "Scoring.Stored"],
        ["Journeys.Delivery", "Journeys.Runs", "Journeys.Rehearsal", "Integrations.Delivery"],
        ["Access", "Ingest.Reading", "Ingest", "Scoring.Api", "Leads.Api", "Journeys.Api", "Integrations.Api", "Clock.Moves", "Operations", "Tracker", "Demo"],
    ];

    /// <summary>What decides, and therefore knows neither storage nor HTTP nor the host nor what time it is.</summary>
    internal static readonly IReadOnlyList<string> Pure =
    [
        "Events", "Conditions.Values", "Conditions.Documents", "Conditions", "Facts", "Lifecycle", "Segments", "Scoring",
        "Journeys.Model", "Journeys.Documents", "Journeys.Rules", "Integrations", "Leads.Identities", "Leads.State",
    ];

    private static readonly Architecture House = new ArchLoader().LoadAssemblies(typeof(App).Assembly).Build();

    /// <summary>Without those that belong nowhere, such as the type of a generic parameter.</summary>
    private static readonly IReadOnlyList<IType> Types = [.. House.Types.Where(type => type.Namespace is not null && type is not GenericParameter)];

    private static readonly IReadOnlyDictionary<string, int> FloorOf =
        Floors.SelectMany((rooms, floor) => rooms.Select(room => (room, floor))).ToDictionary(room => room.room, room => room.floor);

    [Fact]
    public void Every_room_is_on_a_floor()
    {
        var rooms = Repository.Files("functions", "*.cs").Select(RoomOfFile).Where(room => room.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();

        Assert.Equal(FloorOf.Keys.Order(StringComparer.Ordinal), rooms);
        Assert.All(Types.Where(type => type.Namespace.FullName.StartsWith(Root, StringComparison.Ordinal)), type => Assert.Contains(RoomOf(type), rooms));
    }

    [Fact]
    public void The_picture_shows_them()
    {
        var rows = Repository.Read("docs/floors.md").Split('\n').Where(line => TableRow().IsMatch(line)).Reverse().ToList();

        Assert.Equal(Floors.Select(rooms => string.Join(' ', rooms.Order(StringComparer.Ordinal))), rows.Select(row => string.Join(' ', Quoted().Matches(row.Split('|')[2]).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal))));
    }

    [Fact]
    public void Nothing_knows_what_is_built_on_it()
    {
        var offenders = Dependencies().Where(pair => FloorOf[RoomOf(pair.To)] > FloorOf[RoomOf(pair.From)]).ToList();

        Assert.True(offenders.Count == 0, Told(offenders));
    }

    /// <summary>Nor in what only comments name, which the compiler forgets.</summary>
    [Fact]
    public void No_file_names_a_room_above_its_own()
    {
        var offenders = from file in Repository.Files("functions", "*.cs")
                        where FloorOf.ContainsKey(RoomOfFile(file))
                        from room in Usings().Matches(Repository.Read(file)).Select(match => match.Groups[1].Value)
                        where FloorOf.GetValueOrDefault(room, 0) > FloorOf[RoomOfFile(file)]
                        select $"{file} names {room}";

        Assert.True(!offenders.Any(), string.Join(", ", offenders));
    }

    [Fact]
    public void No_room_leads_back_to_itself()
    {
        var steps = Dependencies().ToLookup(pair => RoomOf(pair.From), pair => RoomOf(pair.To));
        var left = FloorOf.Keys.ToHashSet();
        while (left.RemoveWhere(room => !steps[room].Any(left.Contains) || !left.Any(other => other != room && steps[other].Contains(room))) > 0)
        {
        }

        Assert.True(left.Count == 0, Told(Dependencies().Where(pair => left.Contains(RoomOf(pair.From)) && left.Contains(RoomOf(pair.To)))));
    }

    [Fact]
    public void What_decides_knows_neither_storage_nor_http_nor_the_time()
    {
        var offenders = Types.Where(type => Pure.Contains(RoomOf(type)))
            .SelectMany(type => type.Dependencies.Select(dependency => (type, to: dependency.Target.FullName)))
            .Where(pair => Impure().IsMatch(pair.to))
            .Select(pair => $"{pair.type.FullName} uses {pair.to}").Distinct().ToList();

        Assert.True(offenders.Count == 0, string.Join('\n', offenders));
    }

    [Fact]
    public void A_room_holds_no_more_than_one_can_keep_in_mind()
    {
        var crowded = Repository.Files("functions", "*.cs").GroupBy(RoomOfFile).Where(room => room.Count() > FilesInARoom).Select(room => $"{room.Key}: {room.Count()} files");

        Assert.True(!crowded.Any(), string.Join(", ", crowded));
    }

    [Fact]
    public void A_slice_opens_only_its_own_tables()
    {
        var owners = Repository.Files("functions", "*.cs").Select(file => (Slice: SliceOf(file), Type: Path.GetFileNameWithoutExtension(file))).ToLookup(file => file.Type, file => file.Slice);
        var offenders = from file in Repository.Files("functions", "*.cs")
                        where SliceOf(file) != "Platform" && !file.EndsWith("HealthFunctions.cs", StringComparison.Ordinal) // which reads one row, to see that storage answers
                        from table in OpensTable().Matches(Repository.Read(file)).Select(match => match.Groups[1].Value)
                        let owner = table.Contains('.') ? table.Split('.')[0] : Path.GetFileNameWithoutExtension(file)
                        where !owners[owner].Contains(SliceOf(file))
                        select $"{file} opens {table}";

        Assert.True(!offenders.Any(), string.Join(", ", offenders));
        Assert.True(Repository.Files("functions", "*.cs").Sum(file => OpensTable().Count(Repository.Read(file))) > 8); // or the pattern finds nothing any more
    }

    /// <summary>So whoever adds one touches its own folder, the list, and what the lead keeps of it.</summary>
    [Fact]
    public void A_part_of_a_lead_is_applied_by_the_reducers_list_alone()
    {
        var applied = (from type in Types
                       from call in type.Dependencies.OfType<MethodCallDependency>()
                       where call.TargetMember is MethodMember { ReturnType.Name: nameof(TimelineChanges), IsStatic: true } && call.TargetMember.NameStartsWith("Apply(")
                       where FloorOf.GetValueOrDefault(RoomOf(call.Target), -1) == PartsFloor
                       select (By: type.FullName, Part: call.Target.Name)).ToList();

        Assert.All(applied, call => Assert.StartsWith(typeof(Reducer).FullName!, call.By, StringComparison.Ordinal));
        Assert.Equal(["LeadZone", "SegmentMembership", "Stages", "Traits"], applied.Select(call => call.Part).Distinct().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<(IType From, IType To)> Dependencies() =>
        from type in Types
        where FloorOf.ContainsKey(RoomOf(type))
        from target in type.Dependencies.Select(dependency => dependency.Target).Distinct()
        where target is not GenericParameter && FloorOf.ContainsKey(RoomOf(target)) && RoomOf(target) != RoomOf(type)
        select (type, target);

    private static string Told(IEnumerable<(IType From, IType To)> pairs) =>
        string.Join('\n', pairs.Select(pair => $"{RoomOf(pair.From)} ({pair.From.Name}) knows {RoomOf(pair.To)} ({pair.To.Name})").Distinct().Order(StringComparer.Ordinal));

    private static string RoomOf(IType type) => type.Namespace is not null && type.Namespace.FullName.StartsWith(Root, StringComparison.Ordinal) ? type.Namespace.FullName[Root.Length..] : "";

    internal static string RoomOfFile(string file) => string.Join('.', file.Split('/')[1..^1]);

    private static string SliceOf(string file) => file.Split('/') is [_, var slice, _, ..] ? slice : "";

    [GeneratedRegex(@"^(Azure\.|Microsoft\.(?!CodeAnalysis|Extensions\.Logging\.LoggerMessage)|System\.TimeProvider|System\.Net\.Http\.|OpenTelemetry\.)")]
    private static partial Regex Impure();

    [GeneratedRegex(@"^using LeadFunctions\.([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Usings();

    [GeneratedRegex(@"^\| \d \|")]
    private static partial Regex TableRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\.Table\(([A-Z][\w.]*)\)")]
    private static partial Regex OpensTable();
}
