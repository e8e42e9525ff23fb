using LeadFunctions.Conditions.Documents;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Documents;

/// <summary>What a document may say and probably does not mean.</summary>
internal static class JourneyWarnings
{
    public static IReadOnlyList<DocumentError> Of(JourneyDocument document)
    {
        var warnings = new List<DocumentError>();
        Block(document.Steps, warnings);
        var conditions = new List<JourneyCondition?> { document.EntryWhen, document.Goal, document.Exit, (document.Trigger as Trigger.Event)?.When };
        Collect(document.Steps, conditions);
        foreach (var condition in conditions.OfType<JourneyCondition>())
        {
            warnings.AddRange(Contradictions.In(condition.Json, condition.Path));
        }

        if (document.Trigger is Trigger.Date { Rule.Yearly: true } && document.Reentry is Reentry.Never)
        {
            warnings.Add(new("$.entry.reentry", "A yearly trigger lets each lead in only once.", "\"afterExit\""));
        }

        if (document.Trigger is Trigger.Event { When: var trigger } && Makes(document.Steps).FirstOrDefault(name => trigger.Compiled.Events?.Contains(name) == true) is { } own && document.Reentry is not Reentry.Never)
        {
            warnings.Add(new("$.trigger", $"\"{own}\" is what its own steps make: each run may start the next ones.", "another event, or entry.reentry \"never\""));
        }

        if (document is { Holdout: not null, Goal: null })
        {
            warnings.Add(new("$.holdout", "There is no goal by which those who get the journey could be compared with those who do not.", "a \"goal\""));
        }

        return warnings;
    }

    /// <summary>Names of the events that the steps make.</summary>
    private static IEnumerable<string> Makes(IReadOnlyList<Step> steps) =>
        steps.SelectMany(step => step switch
        {
            Step.Send => [JourneyEvents.MessageSent],
            Step.NotifySales => [JourneyEvents.SalesNotified],
            _ => step.Blocks.SelectMany(block => Makes(block.Steps)),
        });

    /// <summary>Walks a block; true when nothing after it can be reached.</summary>
    private static bool Block(IReadOnlyList<Step> steps, List<DocumentError> warnings)
    {
        var ends = false;
        foreach (var step in steps)
        {
            if (ends)
            {
                warnings.Add(new(step.Path, $"The step \"{step.Id}\" is never reached: every way before it ends the run.", "a step before the exit, or none"));
                break;
            }

            ends = One(step, warnings);
        }

        return ends;
    }

    private static bool One(Step step, List<DocumentError> warnings)
    {
        switch (step)
        {
            case Step.Exit:
                return true;

            case Step.WaitFor wait:
                if (wait.Timeout is null)
                {
                    warnings.Add(new(step.Path, $"\"{step.Id}\" has no timeout: a lead may wait here for ever.", "\"timeout\": \"7d\""));
                    foreach (var unreached in wait.Else.Take(1))
                    {
                        warnings.Add(new(unreached.Path, $"The step \"{unreached.Id}\" is never reached: without a timeout \"else\" is not walked.", "\"timeout\" in the waitFor"));
                    }
                }

                var (then, @else) = (Block(wait.Then, warnings), Block(wait.Else, warnings));
                return then && (@else || wait.Timeout is null);

            case Step.Branch branch:
                return branch.Paths.Count(path => !Block(path.Steps, warnings)) + (Block(branch.Else, warnings) ? 0 : 1) == 0;

            case Step.Split split:
                var open = 0;
                foreach (var path in split.Paths)
                {
                    if (path.Weight <= 0 && path.Steps.Count > 0)
                    {
                        warnings.Add(new(path.Steps[0].Path, $"The step \"{path.Steps[0].Id}\" is never reached: the path \"{path.Name}\" has the weight 0.", "a weight over 0"));
                    }

                    open += Block(path.Steps, warnings) || path.Weight <= 0 ? 0 : 1;
                }

                return open == 0;

            case Step.Repeat repeat:
                Block(repeat.Steps, warnings);
                if (repeat.Max > 1 && !Waits(repeat.Steps))
                {
                    warnings.Add(new(step.Path, $"\"{step.Id}\" repeats without waiting: up to {repeat.Max} rounds follow each other at once.", "a wait in its steps"));
                }

                return false;

            case Step.Webhook webhook when HostOf(webhook.Url).Contains("{{", StringComparison.Ordinal):
                warnings.Add(new(DocumentPath.Member(step.Path, "url"), "Who fills in the host decides where the call and its headers go: a visitor can, where the value comes from one.", "a host that the journey names"));
                return false;

            default:
                return false;
        }
    }

    private static string HostOf(string url) => url.Split("//", 2)[^1].Split('/', '?', '#')[0];

    /// <summary>Every way through waits.</summary>
    private static bool Waits(IReadOnlyList<Step> steps) => steps.Any(step => step switch
    {
        Step.Wait or Step.WaitFor { Timeout: not null } or Step.WaitFor { When.IsEvent: true } or Step.Exit => true,
        Step.Branch or Step.Split => step.Blocks.All(block => Waits(block.Steps)),
        Step.Repeat repeat => repeat.While is null && Waits(repeat.Steps),
        _ => false,
    });

    private static void Collect(IReadOnlyList<Step> steps, List<JourneyCondition?> conditions)
    {
        foreach (var step in steps)
        {
            switch (step)
            {
                case Step.WaitFor wait:
                    conditions.Add(wait.When);
                    break;
                case Step.Branch branch:
                    conditions.AddRange(branch.Paths.Select(path => path.When));
                    break;
                case Step.Repeat repeat:
                    conditions.Add(repeat.While);
                    break;
            }

            foreach (var block in step.Blocks)
            {
                Collect(block.Steps, conditions);
            }
        }
    }
}
