using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace LeadFunctions.Tests.Conventions;

/// <summary>The house as docs/floors.md draws it, and as it was compiled. A room is a folder and a namespace.</summary>
internal static partial class House
{
    private const string Root = "LeadFunctions";

    private static readonly IReadOnlyList<Match> Rows =
        [.. Repository.Read("docs/floors.md").Split('\n').Select(line => TableRow().Match(line)).Where(row => row.Success).Reverse()];

    /// <summary>The floors' numbers, from the ground up.</summary>
    public static readonly IReadOnlyList<int> Floors = [.. Rows.Select(row => int.Parse(row.Groups["floor"].Value))];

    /// <summary>Each room with its floor.</summary>
    public static readonly IReadOnlyDictionary<string, int> FloorOf =
        Rows.SelectMany(row => RoomsIn(row, "decides", "acts").Select(room => (room, floor: int.Parse(row.Groups["floor"].Value)))).ToDictionary(room => room.room, room => room.floor);

    /// <summary>Rooms where what decides is, and therefore nothing that knows storage, HTTP, the host or what time it is.</summary>
    public static readonly IReadOnlyList<string> Deciding = [.. Rows.SelectMany(row => RoomsIn(row, "decides"))];

    /// <summary>All types of the app, without those that belong nowhere, such as the type of a generic parameter.</summary>
    public static readonly IReadOnlyList<IType> Types =
        [.. new ArchLoader().LoadAssemblies(typeof(App).Assembly).Build().Types.Where(type => type.Namespace is not null && type is not GenericParameter)];

    public static IEnumerable<string> Files => Repository.Files("functions", "*.cs");

    /// <summary>"" for what is in no room: what puts the app together, other people's types, and what the compiler makes.</summary>
    public static string RoomOf(IType type) => type.Namespace is { } space && space.FullName.StartsWith(Root + ".", StringComparison.Ordinal) ? space.FullName[(Root.Length + 1)..] : "";

    public static string RoomOf(string file) => string.Join('.', file.Split('/')[1..^1]);

    public static string SliceOf(string file) => RoomOf(file).Split('.')[0];

    /// <summary>On top of all floors: who puts the app together.</summary>
    public static bool IsRoof(IType type) => type.FullName is Root + ".App" or "Program";

    private static IEnumerable<string> RoomsIn(Match row, params string[] columns) =>
        columns.SelectMany(column => Quoted().Matches(row.Groups[column].Value)).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^\| (?<floor>\d) \|(?<decides>[^|]*)\|(?<acts>[^|]*)\|[^|]+\|$")]
    private static partial Regex TableRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
