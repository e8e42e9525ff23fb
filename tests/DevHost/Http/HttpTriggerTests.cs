using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DevHost.Tests.Support;

namespace DevHost.Tests.Http;

[Collection(Shared.Name)]
public sealed class HttpTriggerTests(SharedHost shared)
{
    private readonly SampleHost app = shared.Host;

    [Fact]
    public async Task A_function_gets_the_request_and_the_caller_its_answer()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "echo/a/b?x=1&y=%20z") { Content = new StringContent("body") };
        request.Headers.Add("x-question", "why");

        using var response = await app.Client.SendAsync(request);
        var got = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("why", response.Headers.GetValues("x-answer").Single());
        Assert.Equal(["a=1", "b=2"], response.Headers.GetValues("set-cookie"));
        Assert.Equal(
            ("PUT", "a/b", "?x=1&y=%20z", app.Client.BaseAddress!.Authority, "http", "body"),
            (Text("method"), Text("path"), Text("query"), Text("host"), Text("scheme"), Text("body")));

        string? Text(string name) => got.GetProperty(name).GetString();
    }

    [Theory]
    [InlineData("GET", "/v1/things/42", 200, "number 42")]
    [InlineData("GET", "/v1/things/ann", 200, "name ann")]
    [InlineData("PUT", "/v1/things/4x", 200, "PUT 4x")]
    [InlineData("DELETE", "/v1/things/42", 200, "DELETE 42")]
    [InlineData("PUT", "/v1/things/a%20b%C3%A9%3F", 200, "PUT a bé?")]
    [InlineData("PUT", "/v1/things/a%2Fb", 200, "PUT a%2Fb")]
    [InlineData("GET", "/v1/things/4x", 404, "")]
    [InlineData("POST", "/v1/things/42", 405, "")]
    [InlineData("GET", "/v1/plain", 204, "")]
    [InlineData("PATCH", "/v1/Plain", 204, "")]
    [InlineData("GET", "/v1/echo", 202, "\"path\":null")]
    [InlineData("GET", "/v1/echo/a/b%20c/d", 202, "\"path\":\"a/b c/d\"")]
    [InlineData("GET", "/v1/nothing", 404, "")]
    [InlineData("GET", "/v1/off", 404, "")] // disabled by a setting
    [InlineData("GET", "/things/42", 404, "")]
    public async Task Methods_routes_and_constraints_choose_the_function(string method, string path, int status, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(app.Client.BaseAddress!, path));
        using var response = await app.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(body, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_is_passed_on_while_it_comes()
    {
        const int Megabytes = 50;
        var upload = new PushedContent(async stream =>
        {
            var block = new byte[1024 * 1024];
            await stream.WriteAsync(block);
            await stream.FlushAsync();
            await app.Journal.ShowsAsync("large begins"); // The rest is not even made before.
            for (var sent = 1; sent < Megabytes; sent++)
            {
                await stream.WriteAsync(block);
            }
        });

        using var response = await app.Client.PostAsync("uploads/large", upload);

        Assert.Equal($"{Megabytes * 1024 * 1024}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_download_arrives_whole()
    {
        using var response = await app.Client.GetAsync("downloads/50", HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var (total, buffer) = (0L, new byte[81920]);
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            total += read;
        }

        Assert.Equal(50L * 1024 * 1024, total);
    }

    [Fact]
    public async Task Events_arrive_one_by_one()
    {
        using var response = await app.Client.GetAsync("events/ticker", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        for (var number = 1; number <= 3; number++)
        {
            Assert.Equal($"data: {number}", await reader.ReadLineAsync());
            Assert.Equal("", await reader.ReadLineAsync());
            using var opened = await app.Client.PostAsync($"gates/ticker{number}", null); // Only now can there be another.
        }

        Assert.Null(await reader.ReadLineAsync());
    }

    [Fact]
    public async Task A_caller_that_leaves_cancels_the_function()
    {
        using var leaving = new CancellationTokenSource();
        var call = app.Client.GetAsync("waits/abandoned", leaving.Token);
        await app.Journal.ShowsAsync("abandoned waits");
        await leaving.CancelAsync();

        await app.Journal.ShowsAsync("abandoned cancelled");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.DoesNotContain(app.Lines.Errors, line => line.Contains("Wait", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_over_100_MB_is_refused()
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(app.Client.BaseAddress!.Host, app.Client.BaseAddress.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/uploads/huge HTTP/1.1\r\nHost: localhost\r\nContent-Length: {(100 * 1024 * 1024) + 1}\r\n\r\n"));
        using var reader = new StreamReader(connection.GetStream());

        Assert.StartsWith("HTTP/1.1 413 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_throws_is_a_500_without_its_text_and_logged_once()
    {
        using var response = await app.Client.GetAsync("failures");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("The sample fails", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var line = Assert.Single(app.Lines.All, line => line.Contains("The sample fails.", StringComparison.Ordinal));
        Assert.StartsWith("Function Fail failed: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_the_app_are_shown_as_host_json_says()
    {
        using var response = await app.Client.PostAsync("lines", null);

        await Eventually.BeTrueAsync(() => app.Lines.All.Contains("A line of information."), () => string.Join('\n', app.Lines.All));
        Assert.DoesNotContain("A line for debugging.", app.Lines.All);
        Assert.DoesNotContain("A line that host.json silences.", app.Lines.All);
    }

    private sealed class PushedContent(Func<Stream, Task> push) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => push(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
