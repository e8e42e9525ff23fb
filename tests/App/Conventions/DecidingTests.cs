using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace LeadFunctions.Tests.Conventions;

/// <summary>What decides is a function of what it is given.</summary>
public sealed partial class DecidingTests
{
    // What a pure room has of the world outside, and why.
    private static readonly Dictionary<(string File, string Uses), string> Excused = new()
    {
        [("functions/Conditions/Patterns/Pattern.cs", "Stopwatch")] = "Limits the machine's work, not the answer of a pattern that is quick enough.",
    };

    // What outlasts a call, and why that decides nothing.
    private static readonly Dictionary<string, string> Remembering = new()
    {
        ["EngagementFold.s_mine"] = "A thread's working memory, reset for each walk.",
        ["EventReader.s_mine"] = "A thread's working memory, which holds the event in hand by reference.",
        ["PatternBudget.s_left"] = "Limits the machine's work within one call, not the answer of patterns that are quick enough.",
        ["PatternBudget.s_reserve"] = "As s_left.",
        ["PatternsGivenUp.Counts"] = "For those who look at a definition, and read by nothing that decides.",
        ["Sends.s_places"] = "A thread's working memory, empty between two people.",
    };

    /// <summary>Nor through anybody who does.</summary>
    [Fact]
    public void What_decides_knows_neither_storage_nor_http_nor_the_time()
    {
        var way = House.Types.Where(type => House.Deciding.Contains(House.RoomOf(type))).ToDictionary(type => type.FullName, type => House.RoomOf(type) + " " + type.Name);
        var own = House.Types.ToLookup(type => type.FullName);
        var offenders = new List<string>();
        for (var next = new Queue<string>(way.Keys); next.TryDequeue(out var name);)
        {
            foreach (var target in own[name].SelectMany(type => type.Dependencies).Select(dependency => dependency.Target).DistinctBy(target => target.FullName))
            {
                if (Impure().IsMatch(target.FullName))
                {
                    offenders.Add($"{way[name]} uses {target.FullName}");
                }
                else if (House.RoomOf(target).Length > 0 && own.Contains(target.FullName) && way.TryAdd(target.FullName, $"{way[name]} → {target.Name}"))
                {
                    next.Enqueue(target.FullName);
                }
            }
        }

        Assert.True(offenders.Count == 0, string.Join('\n', offenders));
        Assert.True(way.Count > 150); // or it finds nothing any more
    }

    [Fact]
    public void What_decides_waits_for_nothing_and_leaves_nothing_to_chance()
    {
        var pure = House.Files.Where(file => House.Deciding.Contains(House.RoomOf(file))).ToList();
        var used = from file in pure
                   from match in Ambient().Matches(Repository.Read(file)).Select(match => match.Value)
                   select (file, match);

        Assert.True(pure.Count > 80); // or it finds nothing any more
        Assert.Equal(Excused.Keys, used.Distinct().Order());
    }

    [Fact]
    public void What_decides_remembers_nothing()
    {
        const BindingFlags anyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var kept = from type in typeof(App).Assembly.GetTypes()
                   where type.Namespace is { } space && House.Deciding.Contains(space["LeadFunctions".Length..].TrimStart('.')) && !type.IsDefined(typeof(CompilerGeneratedAttribute))
                   from field in type.GetFields(anyStatic)
                   where (!field.IsInitOnly && !field.IsLiteral) || Changeable().IsMatch(field.FieldType.Name) || field.IsDefined(typeof(ThreadStaticAttribute))
                   where !field.Name.StartsWith('<') && !type.FullName!.Contains('<') // the compiler's own // every type of the app has a full name
                   select $"{type.Name}.{field.Name}";

        Assert.Equal(Remembering.Keys, kept.Order());
    }

    [GeneratedRegex(@"^(Concurrent\w+|Dictionary|SortedDictionary|List|HashSet|SortedSet|Queue|Stack|StringBuilder|ConditionalWeakTable|StrongBox)(`\d)?$")]
    private static partial Regex Changeable();

    [GeneratedRegex(@"^(Azure\.|Microsoft\.(?!CodeAnalysis|Extensions\.Logging\.LoggerMessage)|System\.TimeProvider|System\.IServiceProvider|System\.Net\.|System\.IO\.(File|Directory|Path)|System\.Environment|NodaTime\.SystemClock|OpenTelemetry\.)")]
    private static partial Regex Impure();

    [GeneratedRegex(@"\b(TimeProvider|UtcNow|DateTimeOffset\.Now|SystemClock|Stopwatch|Environment|Timer|Thread|Task|await|HttpClient|File|Directory|Console|NewGuid|CreateVersion7|Random|RandomNumberGenerator|TimeZoneInfo|CurrentCulture)\b")]
    private static partial Regex Ambient();
}
