using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Crm;
using LeadFunctions.Integrations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Tests.Integrations;

/// <summary>The sample's receivers, against a server that answers as the two CRMs do.</summary>
public sealed class CrmTests : IAsyncLifetime
{
    private static readonly string Secret = WebhookSecret.Prefix + Convert.ToBase64String(new byte[WebhookSecret.KeyLength]);
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentDictionary<string, JsonObject> _records = new();
    private WebApplication _crm = null!; // set before each test
    private Receivers _receivers = null!; // likewise
    private int _writes;
    private bool _isAway;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _crm = builder.Build();
        _crm.Map("/{**path}", AnswerAsync);
        await _crm.StartAsync();
        _receivers = new(new(Secret), new(Client()), new(Client()));

        HttpClient Client()
        {
            var client = new HttpClient();
            Crms.Address(client, _crm.Urls.First(), "token");
            return client;
        }
    }

    public async Task DisposeAsync() => await _crm.DisposeAsync();

    [Theory]
    [InlineData("hubspot")]
    [InlineData("salesforce")]
    public async Task Sales_words_stay_and_ours_are_kept_up_to_date(string crm)
    {
        var theirs = crm == "hubspot" ? new { Company = "company", Stage = "leadfunctions_stage", Name = "lastname" } : new { Company = "Company", Stage = "LeadFunctionsStage__c", Name = "LastName" };
        Assert.Equal(204, await PostAsync(crm, Told(1, "mql", company: "Lee")));
        var record = Assert.Single(_records).Value;
        Assert.Equal(("Lee", "mql", "Ann"), (Text(record, theirs.Company), Text(record, theirs.Stage), Text(record, theirs.Name)));

        record[theirs.Company] = "Lee & Daughters";
        record[theirs.Stage] = "somebody typed this";
        Assert.Equal(204, await PostAsync(crm, Told(2, "sql", company: "Lee")));

        Assert.Equal(("Lee & Daughters", "sql"), (Text(record, theirs.Company), Text(record, theirs.Stage)));
    }

    [Theory]
    [InlineData("hubspot")]
    [InlineData("salesforce")]
    public async Task What_comes_again_or_is_older_than_what_is_known_changes_nothing(string crm)
    {
        await PostAsync(crm, Told(2, "sql"));
        var writes = _writes;

        Assert.Equal(204, await PostAsync(crm, Told(1, "mql")));
        Assert.Equal(204, await PostAsync(crm, Told(2, "sql")));
        Assert.Equal(writes, _writes);
    }

    [Theory]
    [InlineData("hubspot")]
    [InlineData("salesforce")]
    public async Task A_forged_delivery_reaches_no_crm_and_one_that_is_away_is_tried_again(string crm)
    {
        Assert.Equal(401, await PostAsync(crm, Told(1, "mql"), WebhookSecret.Prefix + Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray())));
        Assert.Empty(_records);

        _isAway = true;
        Assert.Equal(502, await PostAsync(crm, Told(1, "mql")));
        _isAway = false;
        Assert.Equal(204, await PostAsync(crm, Told(1, "mql")));
        Assert.Single(_records);
    }

    [Theory]
    [InlineData("hubspot")]
    [InlineData("salesforce")]
    public async Task An_erased_lead_is_erased_there_too_and_every_sample_is_understood(string crm)
    {
        foreach (var type in HappeningTypes.All)
        {
            Assert.Equal(204, await PostAsync(crm, SampleEvents.Of(type, Start)));
            Assert.Equal(type == HappeningTypes.LeadErased ? 0 : 1, _records.Count);
        }
    }

    [Fact]
    public async Task Whoever_hubspot_knows_by_address_is_not_made_a_second_time()
    {
        _records["77"] = new() { ["email"] = "ann@example.com", ["company"] = null };

        await PostAsync("hubspot", Told(1, "mql", company: "Lee"));

        Assert.Equal((SampleEvents.LeadId, "Lee"), (Text(Assert.Single(_records).Value, "leadfunctions_id"), Text(_records["77"], "company")));
    }

    private static WorldEvent Told(int number, string stage, string? company = null) => new(
        HappeningTypes.StageChanged, SampleEvents.LeadId, number, Start.AddMinutes(number),
        JsonSerializer.SerializeToElement(new { lead = new { id = SampleEvents.LeadId, email = "ann@example.com", name = "Ann", company = company ?? "", stage, engagement = 12.5, fit = 0 }, from = "lead", to = stage }));

    private async Task<int> PostAsync(string crm, WorldEvent e, string? secret = null)
    {
        var now = DateTimeOffset.UtcNow;
        var context = new DefaultHttpContext { Request = { Method = "POST", Body = new MemoryStream(Encoding.UTF8.GetBytes(e.ToJson())) } };
        context.Request.Headers["webhook-id"] = e.Id;
        context.Request.Headers["webhook-timestamp"] = $"{now.ToUnixTimeSeconds()}";
        context.Request.Headers["webhook-signature"] = new WebhookSecret(secret ?? Secret).Sign(e.Id, now, e.ToJson(), now);
        var answer = crm == "hubspot" ? await _receivers.ReceiveForHubSpot(context.Request, default) : await _receivers.ReceiveForSalesforce(context.Request, default);
        return Assert.IsAssignableFrom<IStatusCodeHttpResult>(answer).StatusCode ?? 0;
    }

    /// <summary>Both APIs, as far as the sample speaks them.</summary>
    private async Task AnswerAsync(HttpContext context)
    {
        var (request, path) = (context.Request, context.Request.Path.Value!.Trim('/')); // every request has one
        if (_isAway || request.Headers.Authorization != "Bearer token")
        {
            context.Response.StatusCode = _isAway ? 503 : 401;
            return;
        }

        var body = request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0 ? (await JsonNode.ParseAsync(request.Body))!.AsObject() : []; // they send objects
        var isHubSpot = path.StartsWith("crm/", StringComparison.Ordinal);
        var id = path.Split('/')[^1];
        _writes += request.Method != "GET" && id != "search" ? 1 : 0;
        if (id == "search")
        {
            var filter = body["filterGroups"]![0]!["filters"]![0]!; // the sample sends one
            var found = _records.Where(record => Text(record.Value, filter["propertyName"]!.GetValue<string>()) == filter["value"]!.GetValue<string>());
            await context.Response.WriteAsJsonAsync(new { results = found.Select(record => new { id = record.Key, properties = record.Value }) });
        }
        else if (request.Method == "GET")
        {
            context.Response.StatusCode = _records.TryGetValue(id, out var record) ? 200 : 404;
            await (record is null ? Task.CompletedTask : context.Response.WriteAsJsonAsync(record));
        }
        else if (request.Method == "DELETE")
        {
            _records.TryRemove(id, out _);
            context.Response.StatusCode = 204;
        }
        else
        {
            var record = _records.GetOrAdd(isHubSpot && request.Method == "POST" ? "1" : id, _ => []);
            foreach (var (name, value) in isHubSpot ? body["properties"]!.AsObject() : body)
            {
                record[name] = value?.DeepClone();
            }

            await context.Response.WriteAsJsonAsync(new { id });
        }
    }

    private static string? Text(JsonObject record, string name) => record[name]?.GetValue<string>();
}
