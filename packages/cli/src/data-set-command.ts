import type { Command } from 'commander';

/** A command whose sub-commands are named after data sets; without the name of one it says which there are. */
export function dataSetCommand(program: Command, name: string, description: string): Command {
  const command = program.command(name).description(description).helpCommand(false);
  return command.argument('[data set]').action((given?: string) => {
    const there = command.commands.map((each) => each.name()).join(', ');
    const wrong = given === undefined ? 'needs the name of a data set' : `unknown data set '${given}'`;
    command.error(`error: ${name}: ${wrong}; there is: ${there}`);
  });
}
