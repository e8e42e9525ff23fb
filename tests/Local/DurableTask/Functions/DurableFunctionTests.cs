using LeadFunctions.Local.Tests.Functions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Local.Tests.DurableTask.Functions;

public sealed class DurableFunctionTests
{
    private static readonly DateTimeOffset Monday = new(2030, 1, 7, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Orchestrators_activities_and_clients_are_functions_of_the_app_and_move_with_its_clock()
    {
        await using var app = await SampleApp.StartAsync(
            [nameof(SampleDurableFunctions.StartWelcome), nameof(SampleDurableFunctions.Welcome), nameof(SampleDurableFunctions.SendWelcome)], now: Monday);
        var answer = await app.Client.PostAsync("welcome/ada", null);
        Assert.Equal("ada", await answer.Content.ReadAsStringAsync());

        var advanced = await app.AdvanceAsync(TimeSpan.FromDays(7));
        Assert.Equal([Monday, Monday.AddDays(2), Monday.AddDays(4)], app.Seen().Times);
        Assert.All(app.Seen().Messages, message => Assert.Equal("SendWelcome ada", message));
        Assert.Contains(advanced.Ran, ran => ran is { Name: nameof(SampleDurableFunctions.SendWelcome), Count: >= 2 });

        var ended = await app.Services.GetRequiredService<LocalDurableTaskClient>().GetInstanceAsync("ada", getInputsAndOutputs: true);
        Assert.Equal("ada 4", ended?.ReadOutputAs<string>());
        Assert.Equal(Monday, ended!.CreatedAt);
        Assert.Equal(Monday.AddDays(6), ended.LastUpdatedAt);
    }
}
