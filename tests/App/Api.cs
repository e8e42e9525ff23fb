using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests;

/// <summary>What an API answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text, HttpResponseHeaders Headers, string? ContentType)
{
    public override string ToString() => $"{(int)Status} {Text}";

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string ETag => Headers.ETag?.Tag ?? "";

    public string Problem => Json.GetProperty("type").GetString() ?? "";

    public IReadOnlyList<string> ErrorPaths => [.. Json.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("path").GetString() ?? "")];
}

/// <summary>Requests to the management API, as any client would send them.</summary>
internal static class Api
{
    public const string AdminKey = "local-admin-key";
    public const string WriteKey = "local-write-key";

    public static Task<Answer> GetAsync(this TestApp app, string path, string? key = AdminKey) => app.SendAsync(HttpMethod.Get, path, key: key);

    public static Task<Answer> DeleteAsync(this TestApp app, string path, string? key = AdminKey, string? ifMatch = null) => app.SendAsync(HttpMethod.Delete, path, key: key, ifMatch: ifMatch);

    public static Task<Answer> PostAsync(this TestApp app, string path, string? body = null, string? key = AdminKey) => app.SendAsync(HttpMethod.Post, path, body, key);

    public static Task<Answer> PutAsync(this TestApp app, string path, string body, string? key = AdminKey, string? ifMatch = null, string? ifNoneMatch = null) =>
        app.SendAsync(HttpMethod.Put, path, body, key, ifMatch, ifNoneMatch);

    public static async Task<Answer> SendAsync(
        this TestApp app, HttpMethod method, string path, string? body = null, string? key = AdminKey, string? ifMatch = null, string? ifNoneMatch = null, string? once = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (ifNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        }

        if (once is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", once);
        }

        using var response = await app.Client.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>Makes an API key with these scopes.</summary>
    public static async Task<(string Id, string Key)> CreateKeyAsync(this TestApp app, params string[] scopes)
    {
        var made = await app.PostAsync("/api/keys", JsonSerializer.Serialize(new { name = "test", scopes }));
        return (made.Json.GetProperty("id").GetString()!, made.Json.GetProperty("key").GetString()!);
    }
}

/// <summary>Waits for something that other threads or instances bring about.</summary>
internal static class Eventually
{
    public static async Task<T> ThatAsync<T>(Func<Task<T>> read, Func<T, bool> holds, TimeSpan? within = null)
    {
        var deadline = Environment.TickCount64 + (long)(within ?? TimeSpan.FromSeconds(15)).TotalMilliseconds;
        while (true)
        {
            var value = await read();
            if (holds(value))
            {
                return value;
            }

            Assert.True(Environment.TickCount64 < deadline, $"It did not come about in time. Last seen: {value}");
            await Task.Delay(20);
        }
    }
}

/// <summary>Files of the repository that tests hold the code against.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Source files below a folder, with paths relative to the root, forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "node_modules"))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LeadFunctions.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }
}

/// <summary>Tests that keep the emulator, one thread, busy for minutes: one of these at a time, and one of <see cref="HeavyJourneys"/>. More of them would each be too slow for what they wait for.</summary>
[CollectionDefinition(nameof(HeavyEvents))]
public sealed class HeavyEvents;

/// <summary>As <see cref="HeavyEvents"/>.</summary>
[CollectionDefinition(nameof(HeavyJourneys))]
public sealed class HeavyJourneys;
