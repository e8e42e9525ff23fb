using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Journeys.Delivery;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>What the development outbox keeps, and where.</summary>
public sealed class OutboxTests
{
    [Theory]
    [InlineData("welcome", "20260601-100000-welcome-")]
    [InlineData("../../etc/passwd", "20260601-100000-______etc_passwd-")]
    [InlineData("a/b\\c", "20260601-100000-a_b_c-")]
    [InlineData("a\0b:c|d", "20260601-100000-a_b_c_d-")]
    [InlineData("Привет 2", "20260601-100000-Привет_2-")]
    public void A_file_is_named_for_its_template(string template, string begins) =>
        Assert.StartsWith(begins, Outbox.FileNameOf(Message(template)), StringComparison.Ordinal);

    [Fact]
    public void Whatever_a_template_is_called_its_file_is_in_the_folder() => Prop.ForAll<NonNull<string>>(template =>
    {
        var name = Outbox.FileNameOf(Message(template.Get + "/../" + new string('x', 200)));
        return Path.GetFullPath(Path.Combine("/outbox", name)) == "/outbox/" + name && System.Text.Encoding.UTF8.GetByteCount(name) < 250;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Messages_are_kept_as_long_as_the_setting_says()
    {
        await using var app = await StartAsync(settings: new Dictionary<string, string> { ["LeadFunctions__Journeys__OutboxDays"] = "30" });
        await app.PublishAsync("mail", """{"name":"x","trigger":{"event":"Start"},"entry":{"reentry":"afterExit"},"steps":[{"id":"a","type":"send","template":"a"}]}""");
        await app.SendAsync(Identify("ann", new { email = "ann@example.com" }), Track("ann", "Start"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromDays(20));
        await app.SendAsync(Track("ann", "Start"));
        await app.SettleAsync();
        Assert.Equal(["2026-06-01 10:00 a", "2026-06-21 10:00 a"], await app.SentAsync());

        await app.AdvanceAsync(TimeSpan.FromDays(11));
        await app.SendAsync(Track("ann", "Start"));
        await app.SettleAsync();

        Assert.Equal(["2026-06-21 10:00 a", "2026-07-02 10:00 a"], await app.SentAsync());
    }

    private static JourneyMessage Message(string template) =>
        new("run/step/0", "email", "lead", "ann@example.com", "Subject", "Text", "journey", 1, "run", "step", Start, Start, template);
}
