using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Looks whether this machine has all that shared objects need.</summary>
internal sealed class DoctorVerb : Verb
{
    private readonly Option<bool> _json = Common.Json();

    public DoctorVerb(Session session)
        : base(session, "doctor", "Check this machine: room, kernel, limits, permissions. Exit code 1 when something will not work.", "samepage doctor") => Add(_json);

    protected override int Run(ParseResult line)
    {
        IReadOnlyList<Finding> findings = SharedObjects.Diagnose();
        if (line.GetValue(_json))
        {
            FindingJson[] shapes = [.. findings.Select(f => new FindingJson(f.Subject, f.Severity, f.Observation, f.Remedy))];
            Json.Write(Session.Terminal.Out, shapes, Json.Context.FindingJsonArray);
        }
        else
        {
            FindingSheet.Write(Session.Terminal, findings);
        }
        return findings.Any(f => f.Severity == FindingSeverity.Problem) ? ExitCodes.Failure : ExitCodes.Success;
    }
}
