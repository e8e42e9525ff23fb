using LeadFunctions.Calendar;
using LeadFunctions.Journeys.Model;
using NodaTime;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Calendar;

public sealed class ExpectedSendsTests
{
    private static readonly Journey Journey = Parse("""
        {"name":"x","trigger":{"event":"Start"},"steps":[
          {"id":"first","type":"wait","for":"1d"},{"id":"hello","type":"send","template":"hello"},{"id":"points","type":"addPoints","points":3},
          {"id":"pause","type":"wait","for":"2d"},{"id":"again","type":"send","template":"again","urgent":true},
          {"id":"asked","type":"waitFor","when":{"event":"Answered"},"timeout":"1d","then":[{"id":"thanks","type":"send","template":"thanks"}],"else":[{"id":"really","type":"send","template":"really"}]},
          {"id":"last","type":"send","template":"last"},{"id":"which","type":"branch","paths":[{"name":"a","when":{"engagement":{"gte":50}},"steps":[{"id":"hot","type":"send","template":"hot"}]}]},
          {"id":"never","type":"send","template":"never"}]}
        """);

    [Theory]
    [InlineData("first", "hello 0, again 2, really 3, last 3")] // no answer comes; which way then is the person's
    [InlineData("pause", "again 0, really 1, last 1")]
    [InlineData("hello", "hello 0, again 2, really 3, last 3")] // held there
    [InlineData("asked", "really 0, last 0")]
    [InlineData("thanks", "thanks 0, last 0")]
    [InlineData("hot", "hot 0, never 0")]
    [InlineData("nowhere", "")]
    public void What_is_sent_is_told_from_wait_to_wait_until_something_decides(string step, string expected) =>
        Assert.Equal(expected, Told(ExpectedSends.From(Journey, step, Start, Start.AddDays(30), DateTimeZone.Utc)));

    [Fact]
    public void Who_enters_gets_it_from_the_first_step_on_and_what_is_too_late_is_left_out()
    {
        Assert.Equal("hello 1, again 3, really 4, last 4", Told(ExpectedSends.FromStart(Journey, Start, Start.AddDays(30), DateTimeZone.Utc)));
        Assert.Equal("hello 1", Told(ExpectedSends.FromStart(Journey, Start, Start.AddDays(3), DateTimeZone.Utc)));
        Assert.Null(Assert.Single(ExpectedSends.FromStart(Journey, Start, Start.AddDays(2), DateTimeZone.Utc)).Step);
    }

    private static string Told(IEnumerable<ExpectedSend> sends) => string.Join(", ", sends.Select(send => $"{send.Template} {(send.At - Start).TotalDays}"));
}
