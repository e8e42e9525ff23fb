using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Reports.Api;
using LeadFunctions.Reports.Stored;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Platform;
using LeadFunctions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Reports;

/// <summary>An instance that has just begun: there is no figure yet, and nobody is told one.</summary>
public sealed class StillReadingTests
{
    private const string Goal = """{ "metric": "new-leads", "target": 5, "baseline": { "from": "2026-03-01", "to": "2026-03-31" }, "date": "2026-04-30" }""";

    [Fact]
    public async Task A_goal_is_set_and_nobody_is_told_how_it_stands_before_that_is_known()
    {
        var account = await Emulator.NewSharedAccountAsync();
        foreach (var name in (string[])[LeadRows.Table, FactStore.Name])
        {
            await new TableClient(account, name).CreateIfNotExistsAsync();
        }

        var (gate, options, clock) = (new Gate(), new TableClientOptions(), TimeProvider.System);
        options.AddPolicy(gate, HttpPipelinePosition.PerCall);
        var storage = new StorageClients(new TableServiceClient(account, options), new QueueServiceClient(account), new BlobServiceClient(account));
        var (facts, definitions) = (new FactReader(new FactStore(new LeadsTable(storage), storage), TimeSpan.Zero), await DefinitionsTableTests.NewTableAsync(account: account));
        var rules = new LeadRules(ScoringModels.None, JourneyRules.None, SegmentRules.None, LifecycleRules.BuiltIn);
        var goals = new GoalFunctions(definitions, new GoalReader(new ReportCounter(facts, definitions, null!, new RulesInEffect(() => rules), clock), clock), new FilterValues(definitions, facts)); // no metric here asks leads

        var (status, saved) = await AnswerAsync(request => goals.PutGoal(request, "more", CancellationToken.None), Goal);
        Assert.Equal((201, "unknown", null), (status, (string?)saved["status"], saved["value"]));
        Assert.Contains("still reading", (string)saved["reason"]!, StringComparison.Ordinal);
        foreach (var ask in (Func<HttpRequest, Task<IResult>>[])[request => goals.GetGoal(request, "more", CancellationToken.None), request => goals.ListGoals(request, CancellationToken.None)])
        {
            (status, var reading) = await AnswerAsync(ask);
            Assert.Equal((202, LeadFunctions.Events.LeadIds.Shards), (status, (int)reading["reading"]!["of"]!));
        }

        gate.Open();
        await facts.ReadAsync(book => book.Count, CancellationToken.None);
        (status, var goal) = await AnswerAsync(request => goals.GetGoal(request, "more", CancellationToken.None));
        Assert.Equal((200, "missed", 0), (status, (string?)goal["status"], (int)goal["value"]!));
        (status, var list) = await AnswerAsync(request => goals.ListGoals(request, CancellationToken.None));
        Assert.Equal((200, "missed"), (status, (string?)list["items"]![0]!["status"]));
    }

    private static async Task<(int Status, JsonNode Body)> AnswerAsync(Func<HttpRequest, Task<IResult>> ask, string? body = null)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var (context, answer) = (new DefaultHttpContext { RequestServices = services }, new MemoryStream());
        (context.Request.Body, context.Response.Body, context.Request.ContentType) = (new MemoryStream(Encoding.UTF8.GetBytes(body ?? "")), answer, "application/json");
        await (await ask(context.Request)).ExecuteAsync(context);
        return (context.Response.StatusCode, JsonNode.Parse(answer.ToArray())!); // every answer here has a body
    }

    /// <summary>Storage that does not answer until it is let.</summary>
    private sealed class Gate : HttpPipelinePolicy
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _open.SetResult();

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            await _open.Task;
            await ProcessNextAsync(message, pipeline);
        }
    }
}
