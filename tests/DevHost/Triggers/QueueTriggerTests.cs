using Azure.Storage.Queues;
using DevHost.Tests.Support;

namespace DevHost.Tests.Triggers;

[Collection(Shared.Name)]
public sealed class QueueTriggerTests(SharedHost shared)
{
    private readonly SampleHost app = shared.Host;

    [Fact]
    public async Task A_message_arrives_in_each_form_that_a_function_can_take()
    {
        await app.SendAsync("texts", "plain é");
        await SampleHost.SendAsync(app.Account, "bytes", BinaryData.FromBytes(new byte[] { 0x41, 0x42 }));
        await app.SendAsync("documents", """{"name":"paper","size":4}""");
        await app.SendAsync("messages", "whole");

        await app.Journal.ShowsAsync("text plain é 1 with an id");
        await app.Journal.ShowsAsync("bytes 4142");
        await app.Journal.ShowsAsync("document paper 4");
        await app.Journal.ShowsAsync("message whole 1 taken for 1 min"); // the SDK asks for ten, and nothing but this host's policy changes that: another figure means that upstream's did
    }

    [Fact]
    public async Task A_message_that_always_fails_is_tried_as_often_as_host_json_says_and_then_poison()
    {
        await app.SendAsync("failing", "bad");
        await app.Journal.ShowsAsync("poison bad");

        Assert.Equal(["failing bad 1", "failing bad 2"], app.Journal.Lines.Where(line => line.StartsWith("failing bad", StringComparison.Ordinal)));
        var errors = app.Lines.All.Where(line => line.Contains("The sample cannot take it.", StringComparison.Ordinal)).ToList();
        Assert.True(errors.Count == 2, string.Join("\n\n", errors));
        Assert.All(errors, line => Assert.StartsWith("Function FailMessage failed: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_disabled_function_takes_nothing()
    {
        await app.SendAsync("disabled", "left");
        await app.SendAsync("texts", "after");
        await app.Journal.ShowsAsync("text after 1 with an id");

        Assert.Equal("left", (await new QueueClient(app.Account, "disabled").PeekMessageAsync()).Value.Body.ToString());
    }
}
