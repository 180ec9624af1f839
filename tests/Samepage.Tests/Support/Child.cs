using System.Diagnostics;
using System.Reflection;
using Samepage.Testing;

namespace Samepage.Tests.Support;

/// <summary>Marks a static method of a test class that runs in a process of its own: with another root, other limits, another user.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChildPartAttribute : Attribute;

/// <summary>Runs a part of a test in another process, and brings back what it threw or said.</summary>
internal static class Child
{
    public const string Argument = "--child";
    private const string SharedDirectory = "SAMEPAGE_TEST_ROOT_OWNER";

    /// <summary>What went wrong in the child, by exit code 1; a crash has another code.</summary>
    public static int Run(string part, string[] arguments)
    {
        MethodInfo method = typeof(Child).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Single(m => m.GetCustomAttribute<ChildPartAttribute>() is not null && $"{m.DeclaringType!.Name}.{m.Name}" == part);
        try
        {
            method.Invoke(null, arguments);
            return 0;
        }
        catch (TargetInvocationException e)
        {
            Console.Error.WriteLine(e.InnerException);
            return 1;
        }
    }

    /// <summary>Runs a method marked <see cref="ChildPartAttribute"/> and asserts that it ended well.</summary>
    /// <param name="part">The method.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="root">Where its objects live; null: with this run's own.</param>
    /// <param name="shell">A shell command in front, such as <c>ulimit -n 64;</c>.</param>
    /// <param name="prefix">A program in front that starts it, such as <c>setpriv …</c>.</param>
    /// <param name="variables">Environment variables as NAME=VALUE.</param>
    public static void Do(
        Delegate part, string[]? arguments = null, string? root = null, string shell = "", string prefix = "", params string[] variables)
    {
        using Process child = Begin(part, arguments, root, shell, prefix, variables);
        Task<string> said = child.StandardOutput.ReadToEndAsync();
        Task<string> faults = child.StandardError.ReadToEndAsync();
        if (!child.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            child.Kill();
            Assert.Fail($"{part.Method.Name} hangs in its process.");
        }
        Assert.True(child.ExitCode == 0, $"{part.Method.Name} ended with {child.ExitCode}: {said.Result}{faults.Result}");
    }

    /// <summary>Starts it, as <see cref="Do"/>, with its output redirected.</summary>
    public static Process Begin(
        Delegate part, string[]? arguments = null, string? root = null, string shell = "", string prefix = "", params string[] variables)
    {
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"{shell} exec {prefix} \"$@\"");
        start.ArgumentList.Add("bash");
        start.ArgumentList.Add(Environment.ProcessPath!);
        start.ArgumentList.Add(Argument);
        start.ArgumentList.Add($"{part.Method.DeclaringType!.Name}.{part.Method.Name}");
        foreach (string argument in arguments ?? [])
            start.ArgumentList.Add(argument);
        start.Environment[SharedDirectory] = "parent";
        start.Environment["SAMEPAGE_ROOT"] = root ?? Isolation.Root;
        foreach (string variable in variables)
            start.Environment[variable.Split('=')[0]] = variable.Split('=', 2)[1];
        return Process.Start(start)!;
    }
}
