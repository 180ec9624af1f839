using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Removes what the dead left behind.</summary>
internal sealed class CleanVerb : Verb
{
    private readonly Option<bool> _dryRun = new("--dry-run", "-n") { Description = "Only say what would be removed." };
    private readonly Option<bool> _json = Common.Json();

    public CleanVerb(Session session)
        : base(session, "clean", "Remove what processes that died left behind. Live objects are never touched.", "samepage clean --dry-run", "samepage clean")
    {
        Add(_dryRun);
        Add(_json);
    }

    protected override int Run(ParseResult line)
    {
        IReadOnlyList<OrphanInfo> orphans = line.GetValue(_dryRun) ? SharedObjects.FindOrphans() : SharedObjects.RemoveOrphans();
        if (line.GetValue(_json))
        {
            OrphanJson[] shapes = [.. orphans.Select(o => new OrphanJson(o.Name, o.Scope, o.Bytes, o.Removed, o.Remark))];
            Json.Write(Session.Terminal.Out, shapes, Json.Context.OrphanJsonArray);
            return ExitCodes.Success;
        }
        foreach (OrphanInfo o in orphans)
        {
            string what = o.Removed ? "removed" : o.Remark is null ? "orphan" : "left";
            Session.Terminal.Say($"{what,-8} {Shown.Name(o.Name)}, {(o.Remark is { } remark ? Shown.Text(remark) : Shown.Bytes(o.Bytes))}");
        }
        if (orphans.Count == 0)
            Session.Terminal.Say("no orphans");
        return ExitCodes.Success;
    }
}
