using System.Text.RegularExpressions;
using ArchUnitNET.Domain;

namespace LeadFunctions.Tests.Conventions;

/// <summary>The house has floors: nothing knows what is built on it (ADR 16).</summary>
public sealed partial class FloorsTests
{
    private const int FilesInARoom = 20;

    private static readonly IReadOnlyList<string> Roof = ["functions/App.cs", "functions/Program.cs"];

    [Fact]
    public void Every_room_is_on_a_floor()
    {
        var rooms = House.Files.Select(House.RoomOf).Where(room => room.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();

        Assert.Equal(Enumerable.Range(0, 7), House.Floors);
        Assert.Equal(House.FloorOf.Keys.Order(StringComparer.Ordinal), rooms);
    }

    /// <summary>So that a folder shows what is in a room, and nothing is outside all rooms but what puts the app together.</summary>
    [Fact]
    public void A_file_is_in_the_room_that_it_says()
    {
        var offenders = from file in House.Files.Except(Roof)
                        let spaces = Namespaces().Matches(Repository.Read(file)).Select(match => match.Groups[1].Value).ToList()
                        where House.RoomOf(file).Length == 0 || spaces is not [var space] || space != $"LeadFunctions.{House.RoomOf(file)};"
                        select $"{file} has {string.Join(" and ", spaces)}";

        Assert.Equal(Roof, House.Files.Intersect(Roof));
        Assert.True(!offenders.Any(), string.Join(", ", offenders));
        Assert.All(House.Types.Select(House.RoomOf).Where(room => room.Length > 0), room => Assert.Contains(room, House.FloorOf));
        Assert.DoesNotMatch("<(Using|Compile|ProjectReference) ", Repository.Read("functions/LeadFunctions.csproj"));
    }

    [Fact]
    public void Nothing_knows_what_is_built_on_it()
    {
        var offenders = Dependencies().Where(pair => House.IsRoof(pair.To) || House.FloorOf[House.RoomOf(pair.To)] > House.FloorOf[House.RoomOf(pair.From)]).ToList();

        Assert.True(offenders.Count == 0, Told(offenders));
    }

    /// <summary>Nor in what the compiler forgets: constants, the names of things, and comments.</summary>
    [Fact]
    public void No_file_names_a_room_above_its_own()
    {
        var types = House.Types.Where(type => Word().IsMatch(type.Name)).ToLookup(House.RoomOf, type => type.Name);
        var namings = House.FloorOf.Keys.SelectMany(room => new[] { (room, true), (room, false) }).ToDictionary(naming => naming, naming => new Regex(Naming(naming.room, naming.Item2, types[naming.room])));
        var offenders = from file in House.Files
                        let own = House.RoomOf(file)
                        where House.FloorOf.ContainsKey(own)
                        let text = Repository.Read(file)
                        from room in House.FloorOf
                        where room.Value > House.FloorOf[own] && text.Contains(room.Key.Split('.')[^1], StringComparison.Ordinal) && namings[(room.Key, IsBeside(room.Key, own))].IsMatch(text)
                        select $"{file} names {room.Key}";

        Assert.True(!offenders.Any(), string.Join(", ", offenders));
        Assert.DoesNotContain(House.Files, file => Disguise().IsMatch(Repository.Read(file)));
    }

    [Fact]
    public void No_room_leads_back_to_itself()
    {
        var steps = Dependencies().Where(pair => !House.IsRoof(pair.To)).ToLookup(pair => House.RoomOf(pair.From), pair => House.RoomOf(pair.To));
        var left = House.FloorOf.Keys.ToHashSet();
        while (left.RemoveWhere(room => !steps[room].Any(left.Contains) || !left.Any(other => other != room && steps[other].Contains(room))) > 0)
        {
        }

        Assert.True(left.Count == 0, Told(Dependencies().Where(pair => left.Contains(House.RoomOf(pair.From)) && left.Contains(House.RoomOf(pair.To)))));
    }

    [Fact]
    public void A_room_holds_no_more_than_one_can_keep_in_mind()
    {
        var crowded = House.Files.GroupBy(House.RoomOf).Where(room => room.Count() > FilesInARoom).Select(room => $"{room.Key}: {room.Count()} files");

        Assert.True(!crowded.Any(), string.Join(", ", crowded));
    }

    private static IEnumerable<(IType From, IType To)> Dependencies() =>
        from type in House.Types
        where House.FloorOf.ContainsKey(House.RoomOf(type))
        from target in type.Dependencies.Select(dependency => dependency.Target).Distinct()
        where target is not GenericParameter && (House.IsRoof(target) || House.FloorOf.ContainsKey(House.RoomOf(target))) && House.RoomOf(target) != House.RoomOf(type)
        select (type, target);

    private static string Told(IEnumerable<(IType From, IType To)> pairs) =>
        string.Join('\n', pairs.Select(pair => $"{House.RoomOf(pair.From)} ({pair.From.Name}) knows {House.RoomOf(pair.To)} ({pair.To.Name})").Distinct().Order(StringComparer.Ordinal));

    /// <summary>However it may be spelt: in full, from the root, or by its last name from a room beside it.</summary>
    private static string Naming(string room, bool isBeside, IEnumerable<string> types) =>
        $@"(?<![\w.])((LeadFunctions\.)?{Regex.Escape(room)}{(isBeside ? $"|{room.Split('.')[^1]}" : "")})(;|\.({string.Join('|', types)})\b)";

    private static bool IsBeside(string room, string from) => room.Contains('.') && room.Split('.')[0] == from.Split('.')[0];

    [GeneratedRegex(@"^\s*namespace (.*)$", RegexOptions.Multiline)]
    private static partial Regex Namespaces();

    [GeneratedRegex(@"^\w+$")]
    private static partial Regex Word();

    [GeneratedRegex(@"^\s*(global using|using \w+ = (global::)?LeadFunctions)", RegexOptions.Multiline)]
    private static partial Regex Disguise();
}
