using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadFunctions.Tests.Crash;
using LeadFunctions.Tests.Support;
using Xunit.Abstractions;

namespace LeadFunctions.Tests.Imports;

/// <summary>Worker and host are killed while a file is imported: every row counts, and counts once.</summary>
[Collection(nameof(HeavyEvents))]
public sealed class KilledImportTests(ITestOutputHelper output)
{
    private const int Rows = 12_000;
    private const int People = 600;
    private const int Kills = 5;

    private AppProcess? _app;

    [Fact]
    public async Task Killed_again_and_again_an_import_goes_on_and_every_row_counts_once()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var random = new Random(20261127);
        _app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account);
        var port = _app.Address.Port;
        using var client = new StubbornClient(_ => _app.Address);
        try
        {
            var id = (await client.SendAsync(HttpMethod.Post, "/api/imports", JsonSerializer.Serialize(new
            {
                name = "orders",
                mapping = new
                {
                    columns = new object[]
                    {
                        new { column = "mail", @as = "email" },
                        new { column = "when", @as = "timestamp" },
                        new { column = "no", @as = "property", name = "orderId" },
                        new { column = "note", @as = "trait", name = "note" },
                    },
                    @event = "Order Completed",
                },
            }))).GetProperty("id").GetString()!; // it was just made
            await client.SendAsync(HttpMethod.Put, $"/api/imports/{id}/file", Csv(), contentType: "text/csv");
            await client.SendAsync(HttpMethod.Post, $"/api/imports/{id}/start");

            var read = new List<long>();
            for (var kill = 1; kill <= Kills; kill++)
            {
                // Each time it has come on, or has ended; at a moment that depends on the machine's own timing.
                JsonElement now = default;
                await Poll.UntilAsync(async () => (now = await client.GetAsync($"/api/imports/{id}")).GetProperty("status").GetString() == "done" || RowsOf(now) > read.LastOrDefault(), TimeSpan.FromMinutes(2));
                read.Add(RowsOf(now));
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 150)), TimeProvider.System);
                if (kill % 3 != 1)
                {
                    _app.KillWorker();
                }

                if (kill % 3 != 0)
                {
                    _app.Kill();
                    await _app.ExitAsync();
                    await _app.DisposeAsync();
                    await Emulator.ReleaseAsync(account); // nobody has to wait for the leases of the host that was killed
                    _app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account, port: port);
                }
            }

            await client.SendAsync(HttpMethod.Post, "/api/clock/settle?timeout=240s", "{}");
            var done = await client.GetAsync($"/api/imports/{id}");
            output.WriteLine($"killed at the rows {string.Join(", ", read)}; {done.GetProperty("progress").GetRawText()}");
            Assert.True(read[0] > 0 && read.Count(rows => rows < Rows) >= 2, "It was over before it was killed."); // or nothing is tested
            Assert.Equal("done", done.GetProperty("status").GetString());
            Assert.Equal((Rows, 2 * Rows), (done.GetProperty("progress").GetProperty("applied").GetInt32(), done.GetProperty("progress").GetProperty("events").GetInt32()));
            var counts = new List<int>();
            foreach (var some in Enumerable.Range(0, People).Chunk(20))
            {
                var leads = await Task.WhenAll(some.Select(person => client.GetAsync($"/api/leads?email=k{person}@example.com")));
                counts.AddRange(leads.Select(lead => lead.GetProperty("items")[0].GetProperty("activity").GetProperty("Order Completed").GetProperty("count").GetInt32()));
            }

            Assert.All(counts, count => Assert.Equal(Rows / People, count));
        }
        finally
        {
            await _app.DisposeAsync();
        }
    }

    private static long RowsOf(JsonElement import) => import.TryGetProperty("progress", out var progress) ? progress.GetProperty("rows").GetInt64() : 0;

    /// <summary>Some megabytes: a dozen pieces.</summary>
    private static string Csv()
    {
        var text = new StringBuilder("mail,when,no,note\n");
        for (var row = 0; row < Rows; row++)
        {
            var at = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(row);
            text.Append(CultureInfo.InvariantCulture, $"k{row % People}@example.com,{at:O},o{row},\"What the {row}th order was about: \"\"{new string('x', 400)}\"\"\"\n");
        }

        return text.ToString();
    }
}
