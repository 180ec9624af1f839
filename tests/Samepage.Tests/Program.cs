using Samepage.Tests.Support;
using Xunit.Runner.InProc.SystemConsole;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Samepage.Tests;

/// <summary>Runs the tests; or, started by one of them, the part of it that needs a process of its own.</summary>
internal static class Program
{
    public static int Main(string[] args) => args is [Child.Argument, string part, ..]
        ? Child.Run(part, args[2..])
        : ConsoleRunner.Run(args).GetAwaiter().GetResult();
}
