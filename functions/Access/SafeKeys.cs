using LeadFunctions.Clock;
using LeadFunctions.Platform;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Access;

/// <summary>Keeps a deployed app from starting with keys that everybody knows or that can be guessed, or with a clock that can be moved.</summary>
internal sealed class SafeKeys(AccessOptions options, ClockOptions clock, Deployment deployment) : IHostedLifecycleService
{
    /// <exception cref="OptionsValidationException">It must not start; the failures say why.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        List<string> faults = [.. deployment.IsDeployed ? options.FaultsWhenDeployed() : [], .. clock.Faults(deployment.IsDeployed)];
        return faults.Count == 0 ? Task.CompletedTask : throw new OptionsValidationException(nameof(AccessOptions), typeof(AccessOptions), faults);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
