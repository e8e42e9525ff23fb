using System.Collections.Frozen;

namespace LeadFunctions.Feedback;

/// <summary>
/// How sure it is that a person opened or clicked. Each signal has a weight, for or against, on the scale of log-odds: they are added, and the sum is drawn onto 0 to 1. The weights stand in ADR 28, which a test
/// holds against these.
/// </summary>
internal static class HumanConfidence
{
    /// <summary>Of a hit of which nothing else is known.</summary>
    public const double Usual = 2;

    public static readonly FrozenDictionary<HitSignal, double> Weights = new Dictionary<HitSignal, double>
    {
        [HitSignal.Immediate] = -4,
        [HitSignal.VerySoon] = -2.2,
        [HitSignal.Soon] = -0.7,
        [HitSignal.Head] = -5,
        [HitSignal.Prefetch] = -4,
        [HitSignal.Scanner] = -6,
        [HitSignal.NoAgent] = -3,
        [HitSignal.NoLanguage] = -2.2,
        [HitSignal.MachineRange] = -2.5,
        [HitSignal.PrivacyProxy] = -4,
        [HitSignal.ImageProxy] = -0.5,
        [HitSignal.Trap] = -8,
        [HitSignal.AfterTrap] = -4,
        [HitSignal.Burst] = -4,
        [HitSignal.ByHand] = 1.5,
    }.ToFrozenDictionary();

    public static Judgement Of(Hit hit)
    {
        IReadOnlyList<HitSignal> signals = [.. SignalsOf(hit)];
        var odds = Usual + signals.Sum(signal => Weights[signal]);
        return new(Math.Round(1 / (1 + Math.Exp(-odds)), 3), signals);
    }

    private static IEnumerable<HitSignal> SignalsOf(Hit hit)
    {
        if (hit.Kind == LinkKind.Trap)
        {
            yield return HitSignal.Trap;
        }

        if (hit.SinceSend < TimeSpan.FromMinutes(1))
        {
            yield return hit.SinceSend < TimeSpan.FromSeconds(3) ? HitSignal.Immediate : hit.SinceSend < TimeSpan.FromSeconds(15) ? HitSignal.VerySoon : HitSignal.Soon;
        }

        if (hit.IsHead)
        {
            yield return HitSignal.Head;
        }

        if (hit.IsPrefetch)
        {
            yield return HitSignal.Prefetch;
        }

        if (KnownAgents.Find(hit.Agent, hit.Kind) is { } agent)
        {
            yield return agent;
        }

        // Mail programs and their proxies do not say it when they load pictures.
        if (hit is { HasLanguage: false, Kind: not LinkKind.Open })
        {
            yield return HitSignal.NoLanguage;
        }

        if (hit.IsFromMachines)
        {
            yield return HitSignal.MachineRange;
        }

        if (hit.IsByHand)
        {
            yield return HitSignal.ByHand;
        }

        if (hit.Kind == LinkKind.Click && hit.Seen is { } seen)
        {
            if (seen.HasTrapped)
            {
                yield return HitSignal.AfterTrap;
            }

            if (seen.IsBurst(hit.Link, hit.Links))
            {
                yield return HitSignal.Burst;
            }
        }
    }
}
