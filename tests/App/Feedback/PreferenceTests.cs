using System.Reflection;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Api;
using LeadFunctions.Feedback.Preferences;
using LeadFunctions.Leads.State;
using LeadFunctions.Tests.Leads;

namespace LeadFunctions.Tests.Feedback;

/// <summary>What readers see of their preferences, and what becomes of what they choose.</summary>
public sealed class PreferenceTests
{
    private static readonly Topics Setting = Topics.Parse("""{"topics":[{"id":"news","names":{"en":"News","pl":"Nowości"},"descriptions":{"en":"What is new"}},{"id":"offers","names":{"en":"Offers"}},{"id":"news.weekly","names":{"en":"Weekly news"}}]}"""u8.ToArray()).Topics!;

    private static DateTimeOffset Now => LeadEvents.Start.AddDays(1);

    [Theory]
    [InlineData("{}", "news", "news")]
    [InlineData("""{"news":true,"offers":true}""", "news", "news offers")]
    [InlineData("""{"news":false,"offers":true}""", "news", "offers")]
    [InlineData("""{"*":false,"offers":true}""", "news", "")]
    [InlineData("""{"email":false,"offers":true}""", null, "")]
    [InlineData("""{"offers":{"email":true}}""", null, "offers")]
    [InlineData("""{"offers":{"sms":false}}""", "offers", "offers")]
    [InlineData("""{"news":false}""", "news.weekly", "")]
    public void The_page_shows_what_would_be_sent(string answers, string? topic, string on) =>
        Assert.Equal(on, string.Join(' ', Of(Lead(answers), topic).Topics.Where(one => one.IsOn).Select(one => one.Topic.Id)));

    [Fact]
    public void Where_nobody_has_set_topics_the_page_shows_what_the_lead_was_asked_and_what_the_message_was_about()
    {
        var standing = Standing.Of(Lead("""{"offers":true,"tracking":true,"email":true,"granted":true,"birthday_club":{"email":false}}""").Whole, "email", "fair-2030", Topics.None, Now);

        Assert.Equal(["fair-2030", "birthday_club", "offers"], standing.Topics.Select(one => one.Topic.Id));
        Assert.Equal(["Fair 2030", "Birthday club", "Offers"], standing.Topics.Select(one => one.Topic.NameIn("de")));
        Assert.Equal([true, false, true], standing.Topics.Select(one => one.IsOn));
    }

    [Fact]
    public void What_somebody_agreed_to_elsewhere_can_be_taken_back_beside_the_topics_that_are_set()
    {
        var (partners, parent) = (Of(Lead("""{"partners":true,"advertising":true,"tracking":true}"""), null), Topics.Parse("""{"topics":[{"id":"news.weekly","names":{"en":"Weekly"}}]}"""u8.ToArray()).Topics!); // it has no mistake

        Assert.Equal(["news", "offers", "news.weekly", "advertising", "partners"], partners.Topics.Select(one => one.Topic.Id));
        Assert.Equal(["news.weekly"], Standing.Of(Lead("""{"news":{"weekly":true}}""").Whole, "email", null, parent, Now).Topics.Select(one => one.Topic.Id));
    }

    /// <summary>Through the reducer, and as whoever sends asks.</summary>
    [Fact]
    public void What_is_saved_is_what_is_sent_and_shown_afterwards()
    {
        var lists = Setting.All.Select(topic => topic.Id).ToArray();
        var answers = Gen.Elements("{}", """{"*":false}""", """{"email":false,"news":true}""", """{"news":{"weekly":false}}""", """{"news":true,"offers":false,"granted":false}""", """{"marketing":{"news":false},"unsubscribed":true}""");
        var choices = from wish in Gen.Elements(Enum.GetValues<Wish>()) from ticked in Gen.SubListOf(lists) from often in Gen.Elements(Enum.GetValues<Frequency>()) from pause in Gen.Elements<int?>(null, 0, 30) select new Choice(wish, [.. ticked], often, pause);
        Prop.ForAll(answers.ToArbitrary(), choices.ToArbitrary(), Gen.Elements(null, "news", "offers").ToArbitrary(), (said, choice, topic) =>
        {
            var before = Lead(said);

            var (change, after) = Choose(before, choice, topic);

            var shown = Of(after, topic);
            Assert.All(shown.Topics, one => Assert.True(TopicConsent.Refuse(one.Topic.Id, "email", after.Whole) is null == one.IsOn || (choice.Wish != Wish.Save && !one.IsOn), one.Topic.Id));
            Assert.Equal(change.After.Topics.Where(one => one.IsOn).Select(one => one.Topic.Id), shown.Topics.Where(one => one.IsOn).Select(one => one.Topic.Id));
            Assert.Equal((change.After.IsOff, change.After.Frequency, change.After.PausedUntil), (shown.IsOff, shown.Frequency, shown.PausedUntil));
            if (choice.Wish == Wish.Save)
            {
                // Somebody who ticks the part of a topic and not the topic gets neither: a no is one to all below it.
                Assert.Equal(choice.Topics.Where(id => id != "news.weekly" || choice.Topics.Contains("news")).Order(), shown.Topics.Where(one => one.IsOn).Select(one => one.Topic.Id).Order());
                Assert.Equal(choice.Frequency, shown.Frequency);
                Assert.Equal(choice.Topics.Count > 0 && Standing.IsNo("*", [.. ((ILeadFacts)before.Whole).Answers]), TopicConsent.Refuse("later", "email", after.Whole)?.Contains("chosen", StringComparison.Ordinal) == true);
                Assert.All(Setting.All.Where(one => !choice.Topics.Contains(one.Id)), one => Assert.False(TopicConsent.Agrees(one.Id, "email", after.Whole) && TopicConsent.Refuse(one.Id, "email", after.Whole) is null));
            }
            else
            {
                Assert.NotNull(TopicConsent.Refuse(topic ?? "news", "email", after.Whole));
            }
        }).Check(Config.QuickThrowOnFailure.WithReplay(2026, 37).WithMaxTest(150));
    }

    /// <summary>Who wants nothing and then ticks one thing wants that, and nothing else: not what is on the page, and not what is thought up later.</summary>
    [Theory]
    [InlineData("""{"*":false}""", "offers", "news")]
    [InlineData("""{"email":false}""", null, "news")]
    [InlineData("""{"*":false,"email":false,"news":true}""", "news", "offers")]
    [InlineData("""{"all":"no"}""", null, "offers")]
    public void What_is_ticked_after_everything_was_left_is_all_that_is_agreed_to(string answers, string? topic, string ticked)
    {
        var (change, after) = Choose(Lead(answers), new(Wish.Save, [ticked], null, null), topic);

        Assert.DoesNotContain(change.Answers, answer => answer.Value && answer.Key != ticked);
        Assert.DoesNotContain(after.Whole.Traits.Answers, answer => answer.Said == Said.Yes && answer.Path is "*" or "email" or "marketing");
        Assert.True(MayBeSent(after, ticked));
        Assert.All(new[] { "news", "offers", "thought-up-later", "marketing", "partners.weekly" }.Where(other => other != ticked), other => Assert.False(MayBeSent(after, other), other));
        Assert.False(Of(after, topic).IsOff);

        // Whoever leaves everything again has left what they ticked; a form may win them for something else.
        var left = Choose(after, new(Wish.Off, [], null, null), topic, Now.AddDays(1)).After;
        Assert.False(MayBeSent(left, ticked));
        Assert.True(Of(left, topic).IsOff);
        var won = Apply(after, LeadEvents.Track("form", ConsentEvents.Changed, 1) with { At = Now.AddDays(1), Properties = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>("""{"partners":true}""") });
        Assert.True(MayBeSent(won, "partners") && MayBeSent(won, ticked) && !MayBeSent(won, "thought-up-later"));
        var all = Apply(after, LeadEvents.Track("form", ConsentEvents.Changed, 1) with { At = Now.AddDays(1), Properties = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>("""{"*":true,"email":true}""") });
        Assert.True(MayBeSent(all, "thought-up-later"));

        static bool MayBeSent(LeadState lead, string topic) => TopicConsent.Refuse(topic, "email", lead.Whole) is null && TopicConsent.Agrees(topic, "email", lead.Whole);
    }

    [Fact]
    public void What_a_form_leaves_out_stays_as_it_was()
    {
        var weekly = Choose(Lead("""{"news":true}"""), new(Wish.Save, ["news"], Frequency.Weekly, 30), "news").After;
        var again = Choice.Read(new Dictionary<string, IReadOnlyList<string>> { ["wish"] = ["save"], ["topic"] = ["news"], ["frequency"] = ["hourly"] })!;

        var (change, after) = Choose(weekly, again, "news", Now.AddDays(1));

        Assert.Empty(change.Traits);
        Assert.Equal((Frequency.Weekly, Now.AddDays(30)), (Of(after, "news").Frequency, Of(after, "news").PausedUntil));
    }

    [Fact]
    public void Leaving_is_told_once_for_each_topic_and_is_no_answer_by_itself()
    {
        var before = Lead("""{"news":true,"offers":true}""");

        var (change, after) = Choose(before, new(Wish.Save, ["offers"], Frequency.Always, null), "news");

        Assert.Equal(["news"], change.Left);
        Assert.DoesNotContain(after.Whole.Traits.Answers, answer => answer.Path is "messageId" or "topic" or "channel");
        Assert.Equal(["*"], Choose(before, Choice.OneClick, null).Change.Left);
        Assert.True(Choose(before, Choice.OneClick, null).Change.EndsAll);
        Assert.False(Choose(before, Choice.OneClick, "news").Change.EndsAll);
        Assert.True(Choose(before, new(Wish.Off, [], Frequency.Always, null), "news").Change.EndsAll);
    }

    [Fact]
    public void A_break_is_taken_and_ended()
    {
        var (change, paused) = Choose(Lead("{}"), new(Wish.Save, ["news"], Frequency.Monthly, 30), "news");

        Assert.Equal(Now.AddDays(30), change.After.PausedUntil);
        Assert.Equal((Now.AddDays(30), Frequency.Monthly), (Of(paused, "news").PausedUntil, Of(paused, "news").Frequency));
        Assert.Null(Of(Choose(paused, new(Wish.Save, ["news"], Frequency.Monthly, 0), "news", Now.AddDays(1)).After, "news").PausedUntil);
        Assert.Equal(Now.AddDays(30), Of(Choose(paused, new(Wish.Save, ["news"], Frequency.Monthly, null), "news", Now.AddDays(1)).After, "news").PausedUntil);
    }

    [Theory]
    [InlineData("List-Unsubscribe", "One-Click", Wish.Unsubscribe)]
    [InlineData("List-Unsubscribe", "one-click ", Wish.Unsubscribe)]
    [InlineData("List-Unsubscribe", "Two-Click", null)]
    [InlineData("wish", "off", Wish.Off)]
    [InlineData("wish", "save", Wish.Save)]
    [InlineData("wish", "2", Wish.Off)]
    [InlineData("wish", "9", null)]
    [InlineData("topic", "news", null)]
    public void Only_a_button_or_one_click_is_a_wish(string name, string value, object? wish) =>
        Assert.Equal((Wish?)wish, Choice.Read(new Dictionary<string, IReadOnlyList<string>> { [name] = [value] })?.Wish);

    [Theory]
    [InlineData("pl", "de", "ru", "pl")]
    [InlineData(null, "sl-SI,sl;q=0.9,en;q=0.8", "de", "sl")]
    [InlineData(null, "fr-FR,de;q=0.5,ru;q=0.7", "pl", "ru")]
    [InlineData(null, "fr", "pl-PL", "pl")]
    [InlineData("xx", "", "RU_ru", "ru")]
    [InlineData(null, "de;q=0, *", null, "en")]
    [InlineData(null, null, null, "en")]
    public void The_page_is_in_a_language_that_the_reader_reads(string? asked, string? accepted, string? known, string language) =>
        Assert.Equal(language, Languages.Of(asked, accepted, known));

    [Fact]
    public void Every_text_ships_in_every_language_with_the_same_places_to_fill()
    {
        foreach (var property in typeof(PreferenceTexts).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.PropertyType == typeof(string)))
        {
            var texts = Languages.All.Select(language => (string)property.GetValue(PreferenceTexts.In(language.Code))!).ToList();

            Assert.All(texts, text => Assert.False(string.IsNullOrWhiteSpace(text)));
            Assert.Single(texts.Select(text => text.Contains("{0}", StringComparison.Ordinal)).Distinct());
            Assert.Equal(Languages.All.Count, texts.Distinct().Count());
        }
    }

    /// <summary>Whatever marketers and clients call a topic.</summary>
    [Fact]
    public void No_name_changes_what_the_page_is_made_of()
    {
        var hostile = Gen.Elements("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "&amp;", "'", "</label>", "{0}", "news", "Ünïcode –", "\u0001").ArrayOf(2).Select(parts => string.Concat(parts) + "x");
        Prop.ForAll(hostile.ToArbitrary(), hostile.ToArbitrary(), (name, description) =>
        {
            var (plain, other) = (Page("name", "description"), Page(name, description));

            Assert.Equal(Shape(plain), Shape(other));
            Assert.Contains(other.QuerySelectorAll("label span"), span => span.TextContent.Contains(name.Replace("\u0001", "\uFFFD", StringComparison.Ordinal), StringComparison.Ordinal) || span.TextContent.Contains(name, StringComparison.Ordinal));
        }).Check(Config.QuickThrowOnFailure.WithReplay(2026, 41).WithMaxTest(60));

        IDocument Page(string name, string description)
        {
            var topic = new Topic(name, new Dictionary<string, string> { ["en"] = name }, new Dictionary<string, string> { ["en"] = description });
            return new HtmlParser().ParseDocument(PreferencePage.Show(new([(topic, true)], false, Frequency.Weekly, Now), "en", name, asksFirst: true, PageNews.Unsubscribed, name));
        }

        static string Shape(IDocument page) => string.Join(' ', page.All.Select(element => $"{element.LocalName}[{string.Join(',', element.Attributes.Select(attribute => attribute.Name))}]"));
    }

    [Theory]
    [InlineData("[]", "$.topics")]
    [InlineData("{}", "$.topics")]
    [InlineData("""{"topics":[{"id":"News","names":{"en":"x"}}]}""", "$.topics[0].id")]
    [InlineData("""{"topics":[{"id":"a..b","names":{"en":"x"}}]}""", "$.topics[0].id")]
    [InlineData("""{"topics":[{"id":"a"}]}""", "$.topics[0].names")]
    [InlineData("""{"topics":[{"id":"a","names":{"english":"x"}}]}""", "$.topics[0].names.english")]
    [InlineData("""{"topics":[{"id":"a","names":{"en":" "}}]}""", "$.topics[0].names.en")]
    [InlineData("""{"topics":[{"id":"a","names":{"en":"x"}},{"id":"a","names":{"en":"x"}}]}""", "$.topics")]
    [InlineData("""{"topics":[{"id":"a","names":{"en":"x"},"colour":"red"}]}""", "$.topics[0].colour")]
    [InlineData("""{"topics":[],"more":1}""", "$.more")]
    [InlineData("""{"topics":["a"]}""", "$.topics[0]")]
    [InlineData("no json", "$")]
    public void What_is_wrong_with_a_setting_is_said_by_place(string document, string path) =>
        Assert.Contains(path, Topics.Parse(System.Text.Encoding.UTF8.GetBytes(document)).Errors.Select(error => error.Path));

    private static Standing Of(LeadState lead, string? topic) => Standing.Of(lead.Whole, "email", topic, Setting, Now);

    private static (Change Change, LeadState After) Choose(LeadState before, Choice choice, string? topic, DateTimeOffset? at = null)
    {
        var link = new LinkToken(LinkKind.Unsubscribe, before.Id, "send", Now, "email", topic);
        var now = at ?? Now;
        var change = Change.Of(choice, Of(before, topic), [.. ((ILeadFacts)before.Whole).Answers], "email", topic, now);
        return (change, Apply(before, [.. PreferenceEvents.Of(change, link, $"{now.Ticks}", LeadEvent.PreferencePage, now)]));
    }

    private static LeadState Lead(string answers) =>
        Apply(new LeadState { Id = "lead" }, LeadEvents.Track("consent", ConsentEvents.Changed, 1) with { Properties = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(answers) });

    private static LeadState Apply(LeadState before, params LeadEvent[] events) =>
        Reducer.Apply(before, [.. events.Select(e => new Arrival(e, Now, []))], LeadEvents.Rules, Now).State;
}
