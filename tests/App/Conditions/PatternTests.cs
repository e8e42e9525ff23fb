using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Conditions.Patterns;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Scoring;

namespace LeadFunctions.Tests.Conditions;

/// <summary>Where a marketer's pattern meets a stranger's text: what it costs is bounded, and what it gives up on is counted and shown.</summary>
public sealed class PatternTests
{
    private static readonly string Long = string.Concat(Enumerable.Range(0, 3000).Select(i => "abcdefgh"[i * i % 8]));

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("a|bc", 3)]
    [InlineData("", 0)]
    [InlineData("^/docs/.+", 9)]
    [InlineData("a{90}", 90)]
    [InlineData("a{0,90}?", 90)]
    [InlineData("a{3,}b", 5)]
    [InlineData("(a+)+", 4)]
    [InlineData("a{0}", 1)]
    [InlineData("(ab{0,9}){3}", 30)]
    [InlineData("(.{0,90}){0,90}x", 8101)]
    [InlineData("(?:.{0,90}){0,90}", 8100)]
    [InlineData("(?<n>a{9}){9}", 81)]
    [InlineData("(?'n'a{9}){9}", 81)]
    [InlineData("(?i:a{9}){9}", 81)]
    [InlineData("(?i)a{9}", 10)]
    [InlineData("[^]a{9}]{9}", 9)]
    [InlineData(@"[\]a{9}]{9}", 9)]
    [InlineData(@"\({9}a", 10)]
    [InlineData(@"\p{Lu}{9}", 13)]
    [InlineData("a{b}{9}", 12)]
    [InlineData("a{,9}", 5)]
    [InlineData("((a{99}){99}){999999}", int.MaxValue)]
    [InlineData("a{999999999999}", int.MaxValue)]
    [InlineData("(?x)[ # ] \n(.{90}){90}", int.MaxValue)]
    [InlineData("a)(b{90}", 91)]
    [InlineData("(a{9}", 9)]
    [InlineData("[a{9}", 1)]
    [InlineData("\\", 1)]
    [InlineData("(?", 1)]
    [InlineData("(?<", 1)]
    public void The_size_of_a_pattern_is_that_of_its_repeats_written_out(string pattern, int size) => Assert.Equal(size, PatternSize.Of(pattern));

    [Fact]
    public void Any_text_has_a_size_and_repeating_it_multiplies_that() => Prop.ForAll<NonNull<string>, PositiveInt>((text, times) =>
    {
        var escaped = Regex.Escape(text.Get + "a");
        return PatternSize.Of(text.Get) >= 0 && PatternSize.Of($"(?:{escaped}){{{times.Get}}}") == PatternSize.Of(escaped) * times.Get;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("(.{0,90}){0,90}x", true)]
    [InlineData("(.{0,30}){0,30}x", true)]
    [InlineData("a{501}", true)]
    [InlineData("(?x) a", true)]
    [InlineData("a{500}", false)]
    [InlineData("[.]edu$|@students?[.]", false)]
    [InlineData(@"\b[\w.+-]{1,64}@[\w-]{1,63}([.][\w-]{1,63}){1,5}\b", false)]
    public void A_pattern_that_is_too_large_is_not_saved_but_read_where_it_is_stored(string pattern, bool isTooLarge)
    {
        var text = JsonSerializer.Serialize(new { name = "x", fit = new { rules = new[] { new { id = "a", when = new { trait = "t", matches = pattern }, points = 5 } } } });

        var (document, errors) = ScoringModelDocument.Parse(Encoding.UTF8.GetBytes(text));

        Assert.Equal(isTooLarge ? ["$.fit.rules[0].when.matches"] : [], errors.Select(error => error.Path));
        Assert.NotNull(document);
    }

    [Fact]
    public void A_document_has_so_many_patterns_and_no_more()
    {
        Assert.Empty(Errors(PatternsGivenUp.MaxPatterns));
        Assert.Contains("more than 100", Assert.Single(Errors(PatternsGivenUp.MaxPatterns + 1)).Message, StringComparison.Ordinal);

        static IReadOnlyList<DocumentError> Errors(int count) => ParsedJourney.Of(JsonSerializer.SerializeToElement(new
        {
            name = "x",
            trigger = new { api = true },
            goal = new { any = Enumerable.Range(0, count).Select(i => new { trait = "t", matches = $"a{i}" }) },
            steps = new[] { new { id = "a", type = "send", template = "t" } },
        })).Errors;
    }

    /// <summary>What one text can keep all other events waiting for, twice, before the pattern is left alone.</summary>
    [Fact]
    public void A_match_may_take_fifty_milliseconds()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(50), Pattern.Patience);
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10)), (Pattern.FirstRest, Pattern.LongestRest));
    }

    [Fact]
    public void A_pattern_that_runs_out_of_time_does_not_match_and_is_counted()
    {
        var pattern = new Pattern("(.{0,90}){0,90}counted", TimeSpan.FromTicks(1));

        Assert.False(pattern.IsMatch(Long));

        Assert.Equal(1, PatternsGivenUp.Of("(.{0,90}){0,90}counted"));
    }

    [Fact]
    public void It_is_left_alone_for_longer_and_longer_and_no_text_costs_anything_meanwhile()
    {
        var now = TimeSpan.Zero;
        var pattern = new Pattern("(.{0,80}){0,80}x", TimeSpan.FromTicks(1), () => now);
        Assert.False(pattern.IsMatch(Long));
        now = Pattern.FirstRest - TimeSpan.FromTicks(1);
        Assert.False(pattern.IsMatch("x")); // resting
        now = Pattern.FirstRest;
        Assert.False(pattern.IsMatch(Long));
        now += (2 * Pattern.FirstRest) - TimeSpan.FromTicks(1);
        Assert.False(pattern.IsMatch("x"));
        for (var i = 0; i < 20; i++)
        {
            now += Pattern.LongestRest;
            Assert.False(pattern.IsMatch(Long));
        }

        now += Pattern.LongestRest;
        Assert.True(pattern.IsMatch("x")); // what it can do in time it does; then it is as before
        Assert.True(pattern.IsMatch("x"));
        Assert.Equal(24, PatternsGivenUp.Of("(.{0,80}){0,80}x"));
    }

    [Fact]
    public void What_was_given_up_is_shown_with_the_definition()
    {
        var document = JsonSerializer.SerializeToElement(new { rules = new[] { new { when = new { trait = "t", matches = "(.{0,70}){0,70}shown" } } } });
        Assert.Empty(PatternsGivenUp.In(document));

        new Pattern("(.{0,70}){0,70}shown", TimeSpan.FromTicks(1)).IsMatch(Long);

        var warning = Assert.Single(PatternsGivenUp.In(document));
        Assert.Equal("$.rules[0].when.matches", warning.Path);
        Assert.Contains("1 texts", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_patterns_that_an_event_meets_have_a_time_together()
    {
        var now = TimeSpan.Zero;
        var patterns = Enumerable.Range(0, 6).Select(i => new Pattern($"together{i}|x", TimeSpan.FromSeconds(9), () => now += TimeSpan.FromMilliseconds(60))).ToList(); // each look takes so long
        using (PatternBudget.Of(1))
        {
            using (PatternBudget.Of(100)) // no more of it inside
            {
                Assert.Equal([true, true], patterns.Take(2).Select(pattern => pattern.IsMatch("x")));
            }

            Assert.Equal([true, true, false, false], patterns.Skip(2).Select(pattern => pattern.IsMatch("x")));
        }

        Assert.Equal([0, 0, 0, 0, 1, 1], Enumerable.Range(0, 6).Select(i => PatternsGivenUp.Of($"together{i}|x")));
        Assert.All(patterns, pattern => Assert.True(pattern.IsMatch("x"))); // nothing is left of it, and none of them rests
        using (PatternBudget.Of(3))
        {
            Assert.All(patterns, pattern => Assert.True(pattern.IsMatch("x")));
        }
    }

    /// <summary>However many are too slow, an event that they meet first is matched by one that is not.</summary>
    [Fact]
    public void What_slow_patterns_use_up_is_not_all_that_there_is()
    {
        var now = TimeSpan.Zero;
        var slow = Enumerable.Range(0, 3).Select(i => new Pattern($"(.{{0,60}}){{0,60}}slow{i}", TimeSpan.FromTicks(1), () => now += TimeSpan.FromMilliseconds(20))).ToList();
        var quick = new Pattern("quick$");
        using (PatternBudget.Of(1))
        {
            Assert.All(slow, pattern => Assert.False(pattern.IsMatch(Long)));
            Assert.True(quick.IsMatch("quick"));
        }

        now += TimeSpan.FromHours(1); // none of them rests any more
        using (PatternBudget.Of(1))
        {
            PatternBudget.Spend(PatternBudget.PerEvent * 0.6);
            var before = now;
            Assert.All(slow, pattern => Assert.False(pattern.IsMatch(Long)));
            Assert.Equal(before + (slow.Count * TimeSpan.FromMilliseconds(20)), now); // each looked at the clock, and at nothing else
            Assert.True(quick.IsMatch("quick"));
        }

        Assert.Equal(0, PatternsGivenUp.Of("quick$"));
    }

    /// <summary>Sixty patterns of fifty milliseconds, twice, would be six seconds for one event.</summary>
    [Fact]
    public void An_event_that_is_slow_for_all_rules_costs_a_moment_whatever_their_number()
    {
        var rules = Enumerable.Range(0, 60).Select(i => new { id = $"r{i}", when = new { @event = "Said", where = new { text = new { matches = $"(a|b)*a(a|b){{200}}{i}x" } } }, points = 1 });
        var model = ScoringModels.None.WithLive(Shop.Compile(JsonSerializer.Serialize(new { name = "m", engagement = new { rules } })));
        var random = new Random(7);
        var e = new LeadEvent { Id = "e", Type = EventType.Track, Name = "Said", At = default, UserId = "u", Properties = JsonSerializer.SerializeToElement(new { text = string.Concat(Enumerable.Range(0, 3_000).Select(_ => random.Next(2) == 0 ? 'a' : 'b')) }) };

        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        LeadFunctions.Leads.State.Reducer.Apply(new() { Id = "l" }, [new(e, default, [])], model, default);

        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.InRange(Enumerable.Range(0, 60).Count(i => PatternsGivenUp.Of($"(a|b)*a(a|b){{200}}{i}x") > 0), 50, 60);
    }

    [Fact]
    public void It_sees_the_beginning_of_a_text()
    {
        var pattern = new Pattern("x$");

        Assert.True(pattern.IsMatch(new string('a', Pattern.MaxText - 1) + "x" + new string('b', 10)));
        Assert.False(pattern.IsMatch(new string('a', Pattern.MaxText) + "x"));
    }

    [Theory]
    [InlineData(100, 15, true)] // the x is among the first 2,000 characters
    [InlineData(100, 25, false)]
    [InlineData(1, 900, true)]
    [InlineData(1, 1100, false)]
    public void Of_a_list_it_sees_as_much_as_of_a_text(int length, int index, bool sees)
    {
        var items = Enumerable.Range(0, 30_000).Select(i => i == index ? "x" : new string('a', length)).ToArray();
        var condition = Parse("""{"trait":"t","matches":"x"}""");
        var where = Parse("""{"event":"e","where":{"t":{"matches":"x"}}}""");

        Assert.Equal(sees, condition.Holds(null, new Lead(JsonSerializer.Serialize(new { t = items })), default));
        Assert.Equal(sees, where.Holds(new LeadEvent { Id = "e", Type = EventType.Track, Name = "e", At = default, Properties = JsonSerializer.SerializeToElement(new { t = items }) }, new Lead(), default));
    }

    /// <summary>The attack that the limits are for: patterns within them, and texts made to be slow for them, thousands at a time.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("(.{0,22}){0,22}x")]
    [InlineData(".*a.{400}x")]
    [InlineData("(a|b)*a(a|b){200}x")]
    [InlineData("(?:a.{0,20}){0,20}x")]
    public async Task Thousands_of_hostile_texts_cost_a_moment(string pattern)
    {
        Assert.InRange(PatternSize.Of(pattern), 1, TestParser.MaxPatternSize);
        var random = new Random(7);
        var texts = Enumerable.Range(0, 5_000).Select(_ => string.Concat(Enumerable.Range(0, 1_000).Select(_ => random.Next(2) == 0 ? 'a' : 'b'))).ToList();
        var matches = new Pattern(pattern);
        var before = PatternsGivenUp.Of(pattern);

        await Task.Run(() => Assert.DoesNotContain(texts, text => matches.IsMatch(text))); // one at a time these take minutes

        Assert.InRange(PatternsGivenUp.Of(pattern) - before, 1, texts.Count);
    }

    private static Condition Parse(string json)
    {
        var errors = new List<DocumentError>();
        var condition = ConditionParser.Parse(JsonDocument.Parse(json).RootElement, "$", ConditionScope.Journey, errors);
        Assert.Empty(errors);
        return condition!;
    }
}
